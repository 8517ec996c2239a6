// What whoever types `--help`, presses Tab or opens docs/cli.md finds: all commands, by walking them.
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { wholeProgram } from "../program.ts";
import { completionOf } from "./completion.ts";
import { commandHelp } from "./examples.ts";
import { referenceOf } from "./reference.ts";
import { leavesOf } from "./tree.ts";

const program = await wholeProgram();
const leaves = leavesOf(program);
const paths = leaves.map(({ path }) => path);
const root = join(import.meta.dirname, "../../..");

/** They run until they are ended, speak a format of their own, or have nothing to say but that it is done. */
const printNoData = new Set([
  ...["serve", "worker", "login", "sbom", "completion"],
  ...["lms register", "admin allow-autograders"],
]);

test("every command has examples and exit codes, and none is described that is not there", () => {
  expect(Object.keys(commandHelp).sort()).toEqual([...paths].sort());
  for (const { path, command } of leaves) {
    const { examples, exits } = commandHelp[path]!;
    expect(
      examples.every((example) => example.includes(`assay ${path}`)),
      path,
    ).toBe(true);
    expect(Object.keys(exits), path).toContain("0");
    expect(command.description(), path).not.toBe("");
  }
});

test("what prints data prints it as JSON, too", () => {
  const without = leaves.filter(({ command }) => !command.options.some(({ long }) => long === "--json"));
  expect(without.map(({ path }) => path).sort()).toEqual([...printNoData].sort());
});

test("each option of an example is an option of its command", () => {
  for (const { path, command } of leaves) {
    const known = command.options.map(({ long }) => long);
    for (const example of commandHelp[path]!.examples) {
      const own = example.split("&&")[0]!;
      for (const [option] of own.matchAll(/(?<=\s)--[a-z-]+/g)) expect(known, example).toContain(option);
    }
  }
});

test("docs/cli.md is what the commands say", () =>
  expect(referenceOf(program)).toMatchFileSnapshot("../../../docs/cli.md"));

test("help ends with the examples", () => {
  const said: string[] = [];
  const command = leaves.find(({ path }) => path === "course create")!.command;
  command.configureOutput({ writeOut: (text) => said.push(text) }).outputHelp();
  expect(said.join("")).toMatch(/Examples:\n {2}\$ assay course create .*\n\nExit codes:\n {2}0 {2}done\n/);
});

/** What bash offers after these words, the last of them begun. */
async function tab(...words: string[]): Promise<string[]> {
  const script = `${completionOf(program, "bash")}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _assay; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)("bash", ["-c", script, "bash", "assay", ...words]);
  return stdout.split("\n").filter((line) => line !== "");
}

test.each([
  ["commands", ["su"], ["suite", "submit"]],
  ["commands below a command", ["course", "import"], ["import-roster", "import"]],
  ["options", ["course", "copy", "mml-2026", "--sh"], ["--shift"]],
  ["options after options with values", ["submit", "--lang", "zh", "--wa"], ["--watch"]],
  ["nothing of its own for a file's name", ["grade", "graders/hw4-dtw", "./work"], []],
])("bash completes %s", async (_, words, want) =>
  expect((await tab(...words)).sort()).toEqual([...want].sort()),
);

const there = async (shell: string) =>
  promisify(execFile)(shell, ["--version"]).then(
    () => true,
    () => false,
  );
const missing = new Set<string>();
for (const shell of ["zsh", "fish"]) if (!(await there(shell))) missing.add(shell);
for (const shell of missing) console.warn(`skipped: no ${shell} on this machine to read its script`);

for (const shell of ["zsh", "fish"] as const) {
  const script = completionOf(program, shell);

  test(`${shell}'s script names every command and option`, () => {
    for (const { path, command } of leaves) {
      expect(script).toContain(path);
      const options = command.options.map(({ long }) => long!);
      for (const long of options) expect(script).toContain(shell === "fish" ? ` -l ${long.slice(2)} ` : long);
    }
  });

  test.skipIf(missing.has(shell))(`${shell} reads its script`, async () => {
    const { stderr } = await promisify(execFile)(shell, ["-n", "-c", script]);
    expect(stderr).toBe("");
  });
}

test.skipIf(missing.has("fish"))("fish completes a command below a command", async () => {
  const ask = `${completionOf(program, "fish")}\ncomplete -C 'assay course import'`;
  const { stdout } = await promisify(execFile)("fish", ["--no-config", "-c", ask]);
  expect(stdout.split("\n").map((line) => line.split("\t")[0])).toEqual(
    expect.arrayContaining(["import", "import-roster"]),
  );
});

test("every setting that the environment may give is documented", async () => {
  const sources = (await readdir(join(root, "src"), { recursive: true })).filter((path) =>
    /(?<!\.test)\.tsx?$/.test(path),
  );
  const texts = await Promise.all(sources.map((path) => readFile(join(root, "src", path), "utf8")));
  /** Set by a worker for its own containers. */
  const ours = new Set(["ASSAY_DEVICE"]);
  const named = new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/\benv\.([A-Z][A-Z0-9_]{3,})\b|\b(ASSAY_[A-Z_]*[A-Z])\b/g)].map(
        ([, a, b]) => (a ?? b)!,
      ),
    ),
  );
  const docs = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"));
  const pages = await Promise.all(
    [join(root, "README.md"), ...docs.map((name) => join(root, "docs", name))].map((path) =>
      readFile(path, "utf8"),
    ),
  );
  const told = pages.join("\n");
  expect([...named].filter((name) => !ours.has(name) && !told.includes(name)).sort()).toEqual([]);
});
