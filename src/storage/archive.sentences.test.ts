// What a refused student reads: both languages, nothing left unfilled, the likely mistake named.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../../test/hostile-archives/bench.ts";
import { buildZip, type EntrySpec } from "../../test/hostile-archives/build.ts";
import { UserError } from "../platform/errors.ts";
import { noteSentence, uploadTooLarge } from "./refusals.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

async function refusal(archive: EntrySpec[] | Buffer): Promise<UserError> {
  const made = Buffer.isBuffer(archive) ? archive : buildZip({ entries: archive });
  const error = await bench.read(made).catch((thrown) => thrown);
  if (!(error instanceof UserError)) throw error;
  return error;
}

test.each<[string, EntrySpec[] | Buffer, string, string]>([
  ["another case", [{ name: "RNN.py" }], "rename it to rnn.py", "改名为 rnn.py"],
  [
    "another folder",
    [{ name: "code/rnn.py" }, { name: "README.md" }],
    "move it so that it is rnn.py",
    "路径为 rnn.py",
  ],
  ["a slip of the pen", [{ name: "rmn.py" }, { name: "a" }], "If rmn.py is meant", "如果是指 rmn.py"],
  ["a ZIP in the ZIP", [{ name: "hw2/hw2.zip" }], "hw2.zip is an archive inside", "压缩包中的压缩包"],
  ["what was found", [{ name: "a.txt" }, { name: "b.txt" }], "Found: a.txt, b.txt.", "a.txt, b.txt"],
  ["an empty ZIP", buildZip({ entries: [] }), "Found: nothing.", "无"],
  ["a RAR", Buffer.from("Rar!\x1a\x07\x00", "latin1"), "a RAR archive", "RAR 压缩包"],
  ["a method", [{ name: "a", local: { method: 9 }, central: { method: 9 } }], "Deflate64", "Deflate64"],
  ["a hidden character", [{ name: "cod\u202eyp.py" }], "cod\\u{202e}yp.py", "cod\\u{202e}yp.py"],
])("%s is named", async (_, archive, en, zh) => {
  const error = await refusal(archive);
  expect(error.sentence("en")).toContain(en);
  expect(error.sentence("zh")).toContain(zh);
  for (const lang of ["en", "zh"] as const)
    expect(error.sentence(lang)).not.toMatch(/\{(?!202e)|undefined|object/);
  expect(error.status).toBe(422);
});

test("a terminal escape in a name reaches no sentence", async () => {
  const error = await refusal([{ name: "\u001b]8;;http://x\u0007click" }]);
  expect(error.sentence("en")).not.toMatch(/\p{Cc}/u);
});

test("a long list of files is cut", async () => {
  const error = await refusal(Array.from({ length: 500 }, (_, n) => ({ name: `f${n}.txt` })));
  expect(error.sentence("en")).toContain("and 488 more");
});

test("an upload over the cap names the cap", () => {
  expect(uploadTooLarge(20_000_000).sentence("en")).toContain("20 MB");
  expect(uploadTooLarge(20_000_000).status).toBe(413);
});

test("notes are told in both languages", async () => {
  const { notes } = await bench.read(
    buildZip({ entries: [{ name: "hw2/rnn.py" }, { name: "hw2/.DS_Store" }] }),
  );
  expect(notes.map((note) => noteSentence(note, "en"))).toEqual([
    "Left out what systems and tools add: 1 in all (hw2/.DS_Store).",
    "The folder hw2/ around your files was taken off.",
  ]);
  expect(noteSentence(notes[1]!, "zh")).toBe("已去掉外层文件夹 hw2/。");
});
