import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, openBench } from "../../test/hostile-archives/bench.ts";
import { moduleOfNotebook } from "./notebook.ts";

const code = (...source: string[]) => ({ cell_type: "code", metadata: {}, outputs: [], source });
const notebook = (...cells: object[]) =>
  Buffer.from(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
const moduleOf = (...cells: object[]) => moduleOfNotebook(notebook(...cells), "a.ipynb").toString();

describe("a notebook's module", () => {
  test("is its code cells in order; text and outputs are left out", () => {
    const text = { cell_type: "markdown", source: ["# Title"] };
    const output = { ...code("y = 2"), outputs: [{ output_type: "stream", text: "x = 3" }] };
    expect(moduleOf(code("x = 1\n", "z = 1"), text, output)).toBe("x = 1\nz = 1\n\n\ny = 2\n");
  });

  test("takes a cell whose source is one text", () => {
    expect(moduleOf({ cell_type: "code", source: "x = 1" })).toBe("x = 1\n");
  });

  test("takes nbformat 3, with its worksheets and inputs", () => {
    const old = { nbformat: 3, worksheets: [{ cells: [{ cell_type: "code", input: ["x = 1"] }] }] };
    expect(moduleOfNotebook(Buffer.from(JSON.stringify(old)), "a.ipynb").toString()).toBe("x = 1\n");
  });

  test.each([
    ["a line magic", "%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1\n"],
    ["a shell line", "!pip install numpy", "# !pip install numpy\n"],
    ["a shell line in a block", "if x:\n    !ls", "if x:\n    pass  # !ls\n"],
    ["a timed cell", "%%time\nx = 1", "# %%time\nx = 1\n"],
    ["a cell of another language", "%%bash\nls", "# %%bash\n# ls\n"],
    ["a question", "np.dot?", "# np.dot?\n"],
    ["a remainder that goes on", "x = (7\n % 3)", "x = (7\n % 3)\n"],
    ["not equal", "assert x != 1", "assert x != 1\n"],
  ])("%s becomes what Python takes", (_, source, module) => {
    expect(moduleOf(code("x = 1"), code(source))).toBe(`x = 1\n\n\n${module}`);
  });

  test.each([
    ["not JSON", Buffer.from("def f(): pass"), "not JSON"],
    ["a list", Buffer.from("[]"), "not JSON"],
    ["no cells", Buffer.from("{}"), "no cells"],
    ["text alone", notebook({ cell_type: "markdown", source: "hi" }), "no code cell"],
    ["a source of numbers", notebook({ cell_type: "code", source: [1] }), "not text"],
  ])("%s is refused in words", (_, bytes, why) => {
    expect(() => moduleOfNotebook(bytes, "a.ipynb")).toThrow(
      expect.objectContaining({
        code: "bad_notebook",
        params: { entry: "a.ipynb", why: expect.objectContaining({ en: expect.stringContaining(why) }) },
      }),
    );
  });
});

describe("in an upload", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.close());
  const data = notebook(code("def rnn_forward(): ..."));

  test("stands for the module that is asked for, in its folder too, and the student is told", async () => {
    const { manifest, notes } = await bench.read({ entries: [{ name: "hw2/rnn.ipynb", data }] });
    expect(manifest.map(({ path }) => path)).toEqual(["rnn.ipynb", "rnn.py"]);
    expect(notes).toContainEqual({ code: "notebook", params: { notebook: "rnn.ipynb", module: "rnn.py" } });
  });

  test("gives way to the module where that is there as well", async () => {
    const entries = [
      { name: "rnn.ipynb", data: "not even JSON" },
      { name: "rnn.py", data: "x = 1\n" },
    ];
    const { manifest, notes } = await bench.read({ entries });
    expect(manifest.map(({ path }) => path)).toEqual(["rnn.ipynb", "rnn.py"]);
    expect(notes).toEqual([]);
  });
});
