// What Otter-Grader 7.0.0 (from PyPI) writes: the ZIP of `otter generate -t tests`, and the results.json of its own
// runner on a submission that passes one of its two cases. Running the ZIP needs conda-forge: grade.docker.test.ts.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import AdmZip from "adm-zip";
import { expect, test } from "vitest";
import { suiteOf } from "../../read-suite.ts";
import { readResults } from "../results.ts";
import { isAutograder, wrapAutograder } from "../wrap.ts";

test("the ZIP of `otter generate` is taken as an autograder, with no change to it", () => {
  const entries = new AdmZip(join(import.meta.dirname, "autograder.zip")).getEntries();
  const files = entries.map((entry) => ({ path: entry.entryName, bytes: entry.getData() }));
  expect(isAutograder(files)).toBe(true);
  const settings = { id: "otter", title: "Otter", points: null, network: false };
  const suite = suiteOf(wrapAutograder(files, settings));
  expect(suite.config.mode).toBe("gradescope");
  for (const { path, bytes } of files)
    expect(suite.files.find((file) => file.path.endsWith(`/${path}`))?.bytes, path).toEqual(bytes);
});

test("its results give their points; what it hides is hidden, and its summary is information", async () => {
  const text = await readFile(join(import.meta.dirname, "results.json"), "utf8");
  const read = readResults(text, null);
  expect(read).toMatchObject({ score: 100, max: 200, flags: [] });
  const rows = read.tests.map(({ title, verdict, score, max, visibility }) => {
    return [title.en, verdict, score, max, visibility];
  });
  expect(rows).toEqual([
    ["Public Tests", "passed", 0, 0, "visible"],
    ["q1", "partial", 100, 200, "hidden"],
  ]);
});
