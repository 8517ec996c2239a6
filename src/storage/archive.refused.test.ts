// Every refusal of the archive list, each beside an honest twin that takes the same route and is accepted.
import { randomBytes } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, openBench } from "../../test/hostile-archives/bench.ts";
import {
  buildZip,
  DEVICE,
  type EntrySpec,
  extraField,
  FIFO,
  LINK,
  le32,
  le64,
  unicodePath,
  type ZipSpec,
} from "../../test/hostile-archives/build.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const main: EntrySpec = { name: "rnn.py", data: "def rnn_forward(): ...\n" };
const zip = (...entries: EntrySpec[]): ZipSpec => ({ entries: [main, ...entries] });
const named = (name: string | Buffer): ZipSpec => zip({ name, data: "x" });
const raw = (bytes: string | number[]) => Buffer.from(bytes as string);
const zeros = (bytes: number) => Buffer.alloc(bytes);

type Case = [what: string, code: string, hostile: ZipSpec | Buffer, twin: ZipSpec | Buffer];
const good = zip();
const goodBytes = buildZip(good);

const names: Case[] = [
  ["climbing out", "bad_path", named("../evil.py"), named("evil.py")],
  ["climbing out further in", "bad_path", named("a/../../evil.py"), named("a/b/evil.py")],
  ["climbing in the middle", "bad_path", named("a/../evil.py"), named("a/..b/evil.py")],
  ["an absolute path", "bad_path", named("/etc/cron.d/x"), named("etc/cron.d/x")],
  ["a drive letter", "bad_path", named("C:\\evil.py"), named("C/evil.py")],
  ["a drive letter and slash", "bad_path", named("c:/evil.py"), named("cc/evil.py")],
  ["backslashes", "bad_path", named("src\\evil.py"), named("src/evil.py")],
  [
    "a backslash in GBK",
    "bad_path",
    zip({ name: raw([0xd1, 0xad, 0x5c, 0x78]), flags: 0 }),
    zip({ name: raw([0x81, 0x5c, 0x78]), flags: 0 }),
  ],
  ["a network path", "bad_path", named("\\\\host\\share"), named("host/share")],
  ["an empty segment", "bad_path", named("a//b.py"), named("a/b.py")],
  ["a dot segment", "bad_path", named("a/./b.py"), named("./b.py")],
  ["climbing among litter", "bad_path", named("__MACOSX/../../evil"), named("__MACOSX/evil")],
  ["NUL", "bad_name", named("rnn.py\0.txt"), named("rnn.py.txt")],
  ["right-to-left override", "bad_name", named("cod\u202eyp.py"), named("codyp.py")],
  ["an isolate", "bad_name", named("a\u2066b.py"), named("ab.py")],
  ["a line break", "bad_name", named("a\nb.py"), named("a b.py")],
  ["an escape sequence", "bad_name", named("\u001b[31mred.py"), named("[31mred.py")],
  ["a C1 control", "bad_name", named("a\u0085b.py"), named("aéb.py")],
  ["a zero-width space", "bad_name", named("a\u200bb.py"), named("👩‍💻.py")],
  ["a line separator", "bad_name", named("a\u2028b.py"), named("a　b.py")],
  ["no name", "bad_name", named(""), named("a")],
  ["a name of 4 KB", "bad_name", named("n".repeat(4096)), named("n".repeat(255))],
  ["a path of 4 KB", "bad_name", named(`${"dir/".repeat(1000)}x`), named(`${"dir/".repeat(30)}x`)],
  ["the UTF-8 flag on other bytes", "bad_name", zip({ name: raw([0xff, 0xfe]), flags: 0x800 }), named("ÿþ")],
  [
    "a Unicode field that is not UTF-8",
    "bad_name",
    zip({
      name: "a",
      extra: Buffer.concat([
        unicodePath(raw("a"), "").subarray(0, 2),
        raw([6, 0]),
        unicodePath(raw("a"), "").subarray(4),
        raw([0xff]),
      ]),
    }),
    zip({ name: "a", extra: unicodePath(raw("a"), "b") }),
  ],
  [
    "a Unicode field that climbs",
    "bad_path",
    zip({ name: "a", extra: unicodePath(raw("a"), "../b") }),
    zip({ name: "a", extra: unicodePath(raw("a"), "../b", 7) }),
  ],
  [
    "two names for one file",
    "corrupt",
    zip({
      name: "a",
      local: { extra: unicodePath(raw("a"), "b") },
      central: { extra: unicodePath(raw("a"), "c") },
    }),
    zip({ name: "a", local: { extra: unicodePath(raw("a"), "b") } }),
  ],
  ["the same name twice", "duplicate_entry", zip({ name: "rnn.py", data: "evil" }), named("rnn2.py")],
  ["the same name after a leading ./", "duplicate_entry", named("./rnn.py"), named("./rnn2.py")],
  ["names equal but for case", "duplicate_entry", named("RNN.py"), named("RNN.txt")],
  [
    "ß and SS",
    "duplicate_entry",
    zip({ name: "straße.py" }, { name: "STRASSE.py" }),
    zip({ name: "straße.py" }, { name: "strase.py" }),
  ],
  [
    "names equal but for NFC and NFD",
    "duplicate_entry",
    zip({ name: "é.py" }, { name: "e\u0301.py" }),
    zip({ name: "é.py" }, { name: "e.py" }),
  ],
  [
    "folders equal but for case",
    "duplicate_entry",
    zip({ name: "Src/a.py" }, { name: "src/b.py" }),
    zip({ name: "src/a.py" }, { name: "src/b.py" }),
  ],
  ["a file used as a folder", "duplicate_entry", zip({ name: "rnn.py/x.py" }), zip({ name: "rnn/x.py" })],
  [
    "a folder named like a file",
    "duplicate_entry",
    zip({ name: "RNN.PY/", stored: true }),
    zip({ name: "rnn/", stored: true }),
  ],
];

const kinds: Case[] = [
  [
    "a symbolic link",
    "link_entry",
    zip({ name: "l", data: "/etc/passwd", attributes: LINK }),
    zip({ name: "l", data: "x", attributes: (0x81a4 << 16) >>> 0 }),
  ],
  [
    "a required file that is a link",
    "link_entry",
    { entries: [{ ...main, attributes: LINK }] },
    { entries: [{ ...main, attributes: 0x20 }] },
  ],
  ["a device", "link_entry", zip({ name: "null", attributes: DEVICE }), named("null")],
  ["a fifo", "link_entry", zip({ name: "pipe", attributes: FIFO }), named("pipe")],
  ["a password", "encrypted", zip({ name: "s", data: "x", flags: 0x801 }), named("s")],
  ["strong encryption", "encrypted", zip({ name: "s", data: "x", flags: 0x841 }), named("s")],
  [
    "AES, as 7-Zip writes it",
    "encrypted",
    zip({ name: "s", data: "x", flags: 1, local: { method: 99 }, central: { method: 99 } }),
    named("s"),
  ],
  [
    "Deflate64",
    "unsupported_compression",
    zip({ name: "s", data: "x", local: { method: 9 }, central: { method: 9 } }),
    named("s"),
  ],
  [
    "LZMA",
    "unsupported_compression",
    zip({ name: "s", data: "x", local: { method: 14 }, central: { method: 14 } }),
    named("s"),
  ],
  [
    "an unknown method",
    "unsupported_compression",
    zip({ name: "s", data: "x", local: { method: 77 }, central: { method: 77 } }),
    named("s"),
  ],
  ["a patch", "unsupported_compression", zip({ name: "s", data: "x", flags: 0x20 }), named("s")],
];

const bombs: Case[] = [
  [
    "more than the limit, declared",
    "archive_bomb",
    zip({ name: "big", data: zeros(3_000_001) }),
    zip({ name: "big", data: zeros(2_000_000) }),
  ],
  [
    "many files over the limit",
    "archive_bomb",
    zip(...Array.from({ length: 40 }, (_, n) => ({ name: `f${n}`, data: randomBytes(80_000) }))),
    zip(...Array.from({ length: 30 }, (_, n) => ({ name: `f${n}`, data: randomBytes(80_000) }))),
  ],
  [
    "more than it declares",
    "archive_bomb",
    zip({ name: "liar", data: zeros(900_000), local: { bytes: 10 }, central: { bytes: 10 } }),
    zip({ name: "liar", data: zeros(900_000) }),
  ],
  [
    "one byte more than it declares",
    "archive_bomb",
    zip({ name: "liar", data: "four", local: { bytes: 3 }, central: { bytes: 3 } }),
    zip({ name: "liar", data: "four" }),
  ],
  [
    "less than it declares",
    "archive_bomb",
    zip({ name: "liar", data: "four", local: { bytes: 5 }, central: { bytes: 5 } }),
    zip({ name: "liar", data: "four5" }),
  ],
  [
    "declared empty but not",
    "archive_bomb",
    zip({ name: "liar", data: "four", local: { bytes: 0 }, central: { bytes: 0 } }),
    zip({ name: "empty", data: "" }),
  ],
  [
    "stored with two sizes",
    "archive_bomb",
    zip({ name: "s", data: "four", stored: true, local: { bytes: 9 }, central: { bytes: 9 } }),
    zip({ name: "s", data: "four", stored: true }),
  ],
  ["a folder with content", "archive_bomb", zip({ name: "d/", data: "x" }), zip({ name: "d/", data: "" })],
  [
    "two entries over the same bytes",
    "archive_bomb",
    zip({ name: "a.py", central: { offset: 0, name: raw("rnn.py") } }),
    zip({ name: "a.py" }),
  ],
  ["an entry inside another", "archive_bomb", overlapping(), zip({ name: "kernel", data: "x" })],
  [
    "a file that runs into the directory",
    "archive_bomb",
    zip({
      name: "s",
      stored: true,
      data: "four",
      local: { packed: 40, bytes: 40 },
      central: { packed: 40, bytes: 40 },
    }),
    zip({ name: "s", stored: true, data: "four" }),
  ],
];

/** A stored file whose data is a whole local entry, listed as a file of its own. */
function overlapping(): Buffer {
  const inner = buildZip({ entries: [{ name: "kernel", data: "x" }] });
  const local = inner.subarray(0, inner.indexOf("PK\x01\x02", 0, "latin1"));
  const start = goodBytes.indexOf("PK\x01\x02", 0, "latin1") + 30 + "quote".length;
  return buildZip(
    zip(
      { name: "quote", data: local, stored: true },
      { name: "kernel", data: "x", central: { offset: start } },
    ),
  );
}

const broken: Case[] = [
  ["cut off in the directory", "corrupt", goodBytes.subarray(0, -30), goodBytes],
  ["cut off in a file", "corrupt", goodBytes.subarray(0, 45), goodBytes],
  [
    "a wrong sum",
    "corrupt",
    zip({ name: "s", data: "x", local: { crc: 1 }, central: { crc: 1 } }),
    named("s"),
  ],
  [
    "a flipped bit in the data",
    "corrupt",
    zip({ name: "s", data: "hello", stored: true, raw: raw("hellp") }),
    zip({ name: "s", data: "hello", stored: true }),
  ],
  [
    "data that is no Deflate",
    "corrupt",
    zip({ name: "s", data: "hello", raw: raw([7, 7, 7, 7]) }),
    named("s"),
  ],
  [
    "Deflate that stops early",
    "corrupt",
    zip({ name: "s", data: zeros(500), raw: deflateRawSync(randomBytes(500)).subarray(0, 400) }),
    named("s"),
  ],
  [
    "two names in the two headers",
    "corrupt",
    zip({ name: "a.py", local: { name: raw("b.py") } }),
    named("a.py"),
  ],
  ["two lengths of name", "corrupt", zip({ name: "a.py", local: { name: raw("bb.py") } }), named("a.py")],
  ["two sums", "corrupt", zip({ name: "a.py", local: { crc: 5 } }), named("a.py")],
  ["two sizes", "corrupt", zip({ name: "a.py", data: "x", local: { bytes: 5 } }), named("a.py")],
  ["two methods", "corrupt", zip({ name: "a.py", data: "x", local: { method: 0 } }), named("a.py")],
  [
    "encrypted in one header only",
    "corrupt",
    zip({ name: "a.py", data: "x", local: { flags: 0x801 } }),
    named("a.py"),
  ],
  [
    "a descriptor that disagrees",
    "corrupt",
    zip({ name: "a.py", data: "x", descriptor: "signed", central: { crc: 9 } }),
    zip({ name: "a.py", data: "x", descriptor: "signed" }),
  ],
  ["bytes before the archive", "corrupt", { ...good, prefix: raw("#!/bin/sh\n") }, good],
  ["bytes between files and directory", "corrupt", { ...good, gap: raw("hidden") }, good],
  [
    "bytes behind the archive",
    "corrupt",
    { ...good, suffix: raw("more") },
    { ...good, comment: raw("more") },
  ],
  [
    "an end within the comment",
    "corrupt",
    { ...good, comment: buildZip({ entries: [] }) },
    { ...good, comment: raw("PK") },
  ],
  ["fewer entries listed than counted", "corrupt", { ...good, count: 3 }, good],
  ["more entries listed than counted", "corrupt", { ...zip({ name: "b" }), count: 1 }, zip({ name: "b" })],
  ["a directory elsewhere", "corrupt", { ...good, directoryOffset: 3 }, good],
  ["one part of several", "corrupt", { ...good, disk: 1 }, good],
  [
    "an entry far behind the end",
    "corrupt",
    zip({ name: "a", central: { offset: 4_000_000 } }),
    zip({ name: "a" }),
  ],
  [
    "an impossible ZIP64 size",
    "corrupt",
    zip({ name: "a", central: { bytes: 0xffffffff, extra: extraField(1, raw("\xff".repeat(8))) } }),
    zip({ name: "a", zip64: true }),
  ],
  [
    "a ZIP64 field that is too short",
    "corrupt",
    zip({ name: "a", central: { bytes: 0xffffffff, extra: extraField(1, le32(1)) } }),
    zip({ name: "a", zip64: true }),
  ],
  [
    "two ZIP64 fields",
    "corrupt",
    zip({ name: "a", zip64: true, extra: extraField(1, le64(0)) }),
    zip({ name: "a", zip64: true }),
  ],
  [
    "a field longer than its place",
    "corrupt",
    zip({ name: "a", extra: raw([9, 9, 200, 0, 1]) }),
    zip({ name: "a", extra: raw([9, 9, 1, 0, 1]) }),
  ],
];

const foreign: Case[] = [
  ["a RAR", "not_a_zip", raw("Rar!\x1a\x07\x01\x00"), goodBytes],
  ["a 7z", "not_a_zip", Buffer.from("377abcaf271c0004", "hex"), goodBytes],
  ["a gzip", "not_a_zip", Buffer.from("1f8b0800", "hex"), goodBytes],
  ["a Python file", "not_a_zip", raw("import numpy as np\n"), goodBytes],
  ["a notebook", "not_a_zip", raw('{"cells": []}'), goodBytes],
  ["an empty file", "not_a_zip", raw(""), goodBytes],
  [
    "a larger upload than allowed",
    "too_large",
    zip({ name: "b", data: randomBytes(4_000_001) }),
    zip({ name: "b", data: randomBytes(1_000_000) }),
  ],
];

const absent: Case[] = [
  ["an empty archive", "missing_file", { entries: [] }, good],
  ["only folders", "missing_file", { entries: [{ name: "hw2/", stored: true }] }, good],
  ["only litter", "missing_file", { entries: [{ name: "__MACOSX/rnn.py" }] }, good],
  ["no required file", "missing_file", { entries: [{ name: "README.md" }] }, good],
  [
    "the required name as a folder",
    "missing_file",
    { entries: [{ name: "rnn.py/", stored: true }, { name: "a" }] },
    good,
  ],
];

describe.each([
  ["names", names],
  ["kinds", kinds],
  ["bombs", bombs],
  ["broken", broken],
  ["foreign", foreign],
  ["absent", absent],
])("%s", (_, cases) => {
  test.each(cases)("%s is refused as %s, its honest twin accepted", async (_what, code, hostile, twin) => {
    expect(await bench.outcome(hostile)).toBe(code);
    expect(await bench.outcome(twin)).toBe("accepted");
  });
});

test("100,000 entries are too many, whatever they are", async () => {
  const entries = Array.from({ length: 100_000 }, (_, n) => ({ name: `__pycache__/${n}`, stored: true }));
  expect(await bench.outcome({ entries, zip64: true }, { archiveBytes: 20_000_000 })).toBe(
    "too_many_entries",
  );
});

test("litter does not count as entries, files do", async () => {
  const many = (folder: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({ name: `${folder}/${n}`, stored: true }));
  expect(await bench.outcome(zip(...many(".git", 5000), ...many("data", 999)))).toBe("accepted");
  expect(await bench.outcome(zip(...many("data", 1000)))).toBe("too_many_entries");
});

test("a ratio of a thousand is a bomb by the tens of megabytes, honest by the megabyte", async () => {
  const limits = { unpackedBytes: 200_000_000 };
  expect(await bench.outcome(zip({ name: "zeros.npy", data: zeros(40_000_000) }), limits)).toBe(
    "archive_bomb",
  );
  expect(await bench.outcome(zip({ name: "zeros.npy", data: zeros(20_000_000) }), limits)).toBe("accepted");
});

test("a refusal leaves nothing in the store", async () => {
  const before = await bench.stored();
  await bench.outcome(zip({ name: "z", data: "hello", stored: true, raw: raw("hellp") }));
  expect(await bench.stored()).toEqual(before);
});
