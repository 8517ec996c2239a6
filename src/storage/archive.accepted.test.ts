// What honest tools write, accepted with full content; and the canonical archive, the same whatever made the ZIP.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, openBench } from "../../test/hostile-archives/bench.ts";
import { buildZip, type EntrySpec, unicodePath, type ZipSpec } from "../../test/hostile-archives/build.ts";
import { readArchive } from "./archive.ts";
import { diskBlobs } from "./blobs.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const code = "def rnn_forward(): ...\n";
const main: EntrySpec = { name: "rnn.py", data: code };
const zip = (...entries: EntrySpec[]): ZipSpec => ({ entries: [main, ...entries] });
const paths = async (archive: ZipSpec | Buffer, limits = {}) =>
  (await bench.read(archive, limits)).manifest.map(({ path }) => path);
const gbk = (hex: string) => Buffer.from(hex, "hex");

test("a path from where the caller stands leads there, though the reader stands elsewhere", async () => {
  const folder = await mkdtemp(join(tmpdir(), "assay-relative-"));
  const place = relative(
    process.cwd(),
    join(import.meta.dirname, "../judge/gradescope/otter/autograder.zip"),
  );
  expect(place).toMatch(/^src/);
  const limits = { unpackedBytes: 1_000_000, required: ["setup.sh"] };
  const { manifest } = await readArchive(place, limits, { blobs: diskBlobs(folder) });
  await rm(folder, { recursive: true });
  expect(manifest.map(({ path }) => path)).toContain("run_autograder");
});

describe("names", () => {
  test.each<[string, ZipSpec, string[]]>([
    [
      "GBK from Windows Explorer",
      zip({ name: gbk("d1adbbb7c9f1beadcdf8c2e72f b1a8b8e62e706466".replaceAll(" ", "")), flags: 0 }),
      ["rnn.py", "循环神经网络/报告.pdf"],
    ],
    ["GBK whose bytes hold a backslash", zip({ name: gbk("815c2e7079"), flags: 0 }), ["rnn.py", "乗.py"]],
    ["a GB18030 name of four bytes", zip({ name: gbk("8139ef302e7079"), flags: 0 }), ["rnn.py", "㐁.py"]],
    ["UTF-8 without the flag", zip({ name: "实验报告.pdf", flags: 0 }), ["rnn.py", "实验报告.pdf"]],
    ["UTF-8 with the flag", zip({ name: "实验报告.pdf" }), ["rnn.py", "实验报告.pdf"]],
    [
      "Info-ZIP's Unicode field",
      zip({ name: "#U5b9e.pdf", flags: 0, extra: unicodePath(Buffer.from("#U5b9e.pdf"), "实.pdf") }),
      ["rnn.py", "实.pdf"],
    ],
    [
      "a stale Unicode field is ignored",
      zip({ name: "new.pdf", flags: 0, extra: unicodePath(Buffer.from("old.pdf"), "旧.pdf") }),
      ["new.pdf", "rnn.py"],
    ],
    [
      "one GBK name makes the others GBK",
      zip({ name: gbk("c4a3"), flags: 0 }, { name: gbk("d1adbbb7"), flags: 0 }),
      ["rnn.py", "循环", "模"],
    ],
    [
      "neither UTF-8 nor GBK is code page 437",
      zip({ name: gbk("ff612e7079"), flags: 0 }),
      ["rnn.py", "\u00a0a.py"],
    ],
    [
      "macOS's decomposed names become composed",
      zip({ name: "re\u0301sume\u0301.pdf" }),
      ["rnn.py", "résumé.pdf"],
    ],
  ])("%s", async (_, archive, expected) => {
    expect(await paths(archive)).toEqual(expected);
  });
});

describe("layout", () => {
  const folder = (name: string): EntrySpec => ({ name: `${name}/`, stored: true });
  const inside = (wrapper: string): EntrySpec[] => [
    { name: `${wrapper}rnn.py`, data: code },
    { name: `${wrapper}src/layers.py`, data: "x = 1\n" },
  ];
  test("from inside, from outside, with macOS litter: one canonical archive", async () => {
    const inner = await bench.read({ entries: inside("") });
    const variants: EntrySpec[][] = [
      inside("").reverse(),
      inside("hw2/"),
      [folder("张三_hw2"), folder("张三_hw2/src"), folder("张三_hw2/empty"), ...inside("张三_hw2/")],
      inside("./"),
      inside("outer/hw2/"),
      [
        ...inside("hw2/"),
        { name: "__MACOSX/hw2/._rnn.py", data: "mac" },
        { name: "hw2/.DS_Store", data: "mac" },
      ],
      [
        ...inside("hw2/"),
        { name: "hw2/__pycache__/rnn.cpython-313.pyc" },
        { name: "hw2/.git/HEAD" },
        { name: "Thumbs.db" },
      ],
      inside("").map((entry) => ({ ...entry, stored: true })),
      inside("").map((entry) => ({ ...entry, zip64: true })),
      inside("").map((entry) => ({ ...entry, descriptor: "signed" })),
      inside("").map((entry) => ({ ...entry, descriptor: "plain" })),
      inside("").map((entry) => ({ ...entry, descriptor: "announced" })),
      inside("").map((entry) => ({ ...entry, descriptor: "signed64", zip64: true })),
      inside("").map((entry) => ({ ...entry, descriptor: "plain64", zip64: true })),
    ];
    for (const entries of variants) {
      for (const zip64 of [false, true])
        expect((await bench.read({ entries, zip64 })).tar).toEqual(inner.tar);
    }
  });

  test("a required path in a folder keeps the folder", async () => {
    expect(await paths({ entries: [{ name: "src/rnn.py" }] }, { required: ["src/rnn.py"] })).toEqual([
      "src/rnn.py",
    ]);
  });
  test("Gradescope mode keeps every folder", async () => {
    const keep = { required: [], wrapper: "keep" };
    expect(await paths({ entries: inside("hw2/") }, keep)).toEqual(["hw2/rnn.py", "hw2/src/layers.py"]);
  });
  test("the student is told what was left out and taken off, and that a ZIP in the ZIP stays one", async () => {
    const { notes } = await bench.read({
      entries: [
        ...inside("hw2/"),
        { name: "hw2/__pycache__/a.pyc" },
        { name: "hw2/data.zip", data: buildZip(zip()) },
      ],
    });
    expect(notes).toEqual([
      { code: "left_out", params: { count: 1, examples: "hw2/__pycache__/a.pyc" } },
      { code: "wrapper_removed", params: { folder: "hw2/" } },
      { code: "nested_archive", params: { entry: "data.zip" } },
    ]);
  });
});

describe("the manifest and the tar", () => {
  const files: Record<string, string> = {
    "rnn.py": code,
    "empty.py": "",
    "循环/网络.py": "y = 2\n",
    "Z.py": "z".repeat(512),
    [`${"deep/".repeat(20)}${"n".repeat(120)}.py`]: "long\n",
  };
  const archive: ZipSpec = { entries: Object.entries(files).map(([name, data]) => ({ name, data })) };

  test("each file is one range of the tar, with its hash, in the order of UTF-8 bytes", async () => {
    const { manifest, tar } = await bench.read(archive);
    expect(manifest.map(({ path }) => path)).toEqual(
      Object.keys(files).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
    for (const { path, size, sha256, offset } of manifest) {
      const bytes = await buffer(await bench.blobs.open(tar.hash, { offset, length: size }));
      expect(bytes.toString()).toBe(files[path]);
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
    }
  });

  test("Python's tarfile reads the same files, plain, without owner or time", async () => {
    const { tar } = await bench.read(archive);
    const program = `
import json, sys, tarfile
with tarfile.open(sys.argv[1]) as tar:
    print(json.dumps({m.name: tar.extractfile(m).read().decode() for m in tar}))
    assert all(m.isreg() and (m.mode, m.uid, m.gid, m.mtime) == (0o644, 0, 0, 0) for m in tar)
`;
    const read = execFileSync("python3", ["-c", program, bench.blobs.pathOf(tar.hash)], { encoding: "utf8" });
    expect(JSON.parse(read)).toEqual(files);
  });

  test("its bytes never change: this hash may not move with a library or a version of Node", async () => {
    const { tar } = await bench.read({ entries: [main, { name: "循环.py", data: "y = 2\n" }] });
    expect(tar).toEqual({
      hash: "01ef9808260be8ab07e4a98481f1f8de3d83e76f1dc5f65ef8711de2dc4caaa0",
      bytes: 4096,
    });
  });
});

describe("real tools", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "tools-"));
    for (const [path, text] of [
      ["hw2/rnn.py", code],
      ["hw2/报告/report.txt", "报告\n".repeat(1000)],
      ["hw2/empty.py", ""],
    ] as const) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const python = (body: string) => ["python3", "-c", `import os, sys, zipfile\n${body}`];
  const walk = "[os.path.join(d, f) for d, _, fs in os.walk('hw2') for f in fs]";
  const tools: [string, string[]][] = [
    [
      "python zipfile",
      python(
        `z = zipfile.ZipFile('t.zip', 'w', zipfile.ZIP_DEFLATED)\nfor f in ${walk}: z.write(f)\nz.close()`,
      ),
    ],
    [
      "python zipfile, streamed",
      python(`
class Pipe:
    def __init__(s, f): s.f = f
    def write(s, b): return s.f.write(b)
    def flush(s): s.f.flush()
with open('t.zip', 'wb') as out:
    z = zipfile.ZipFile(Pipe(out), 'w', zipfile.ZIP_DEFLATED)
    for f in ${walk}: z.write(f)
    z.close()`),
    ],
    [
      "python zipfile, ZIP64 forced",
      python(`
z = zipfile.ZipFile('t.zip', 'w')
for f in ${walk}:
    with z.open(f, 'w', force_zip64=True) as out: out.write(open(f, 'rb').read())
z.close()`),
    ],
    ["python shutil", ["python3", "-c", "import shutil; shutil.make_archive('t', 'zip', '.', 'hw2')"]],
    ["python shutil from inside", ["python3", "-c", "import shutil; shutil.make_archive('t', 'zip', 'hw2')"]],
    ["Info-ZIP zip -r", ["zip", "-qr", "t.zip", "hw2"]],
    ["Info-ZIP zip, streamed", ["sh", "-c", "zip -qr - hw2 | cat > t.zip"]],
    ["7-Zip", ["7z", "a", "-bd", "t.zip", "hw2"]],
    ["bsdtar", ["bsdtar", "--format", "zip", "-cf", "t.zip", "hw2"]],
    [
      "adm-zip",
      [
        "node",
        "-e",
        `const Z = require(${JSON.stringify(createRequire(import.meta.url).resolve("adm-zip"))}); const z = new Z(); z.addLocalFolder('hw2', 'hw2'); z.writeZip('t.zip')`,
      ],
    ],
  ];

  test.for(tools)("%s", async ([_, [program, ...args]], context) => {
    await rm(join(dir, "t.zip"), { force: true });
    const run = spawnSync(program!, args, { cwd: dir, encoding: "utf8" });
    if (run.error !== undefined) return context.skip(`${program} is not on this machine`);
    expect(run.stderr).toBe("");
    const made = await bench.read(await readFile(join(dir, "t.zip")));
    const inner = await bench.read({
      entries: [main, { name: "empty.py" }, { name: "报告/report.txt", data: "报告\n".repeat(1000) }],
    });
    expect(made.tar).toEqual(inner.tar);
  });
});
