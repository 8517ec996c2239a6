// Downloads as Gradescope, Canvas and Moodle name their files, read without a server.
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { type HandedIn, Unreadable } from "./download.ts";
import { rubyTime, withoutResults } from "./gradescope.ts";
import { matcher } from "./match.ts";
import { readDownload } from "./read.ts";
import { joinSheets, readSheet } from "./sheet.ts";
import type { Source } from "./source.ts";
import { readTime } from "./times.ts";

const source = (paths: string[], metadata = ""): Source => ({
  paths,
  open: async () => Readable.from([metadata]),
  zipOf: () => Promise.reject(new Error("not asked for")),
  close: async () => {},
});
const short = ({ origin, people, at, late, files }: HandedIn) => [
  origin,
  people.map(({ name, email, numbers }) => [name, email, ...numbers].join("|")).join("; "),
  at?.toISOString() ?? null,
  late,
  files.map(({ path }) => path).join(" "),
];
const sheet = (text: string) => readSheet(Buffer.from(text), "Asia/Shanghai");

const gradescope = `---
submission_101:
  :submitters:
  - :name: &1 Jane Smith
    :sid: '2024001'
    :email: jane@example.edu
  :created_at: 2026-10-12 18:25:43.123456000 Z
  :score: 10.0
  :results:
    tests:
    - name: ':submitters:'
      output: |
        :created_at: not this

    :email: nor this
  :history:
  - :id: 99
    :created_at: 2026-10-11 18:25:43.000000000 Z
    :results:
      tests: []
    :score: 3.0
submission_102:
  :submitters:
  - :name: *1
    :sid:
    :email: two@example.edu
  - :name: Pair Two
    :sid: 201
    :email:
  :created_at: 2026-10-12 20:00:00.000000000 +08:00
submission_103:
  :submitters: []
`;

test("Gradescope: who, when and which files stand in its metadata; results of runs are not looked at", async () => {
  const root = "assignment_8046601_export/";
  const paths = [
    ...["submission_metadata.yml", "submission_101/hw/rnn.py", "submission_101/notes.txt"],
    ...["submission_102/submission_metadata.yml", "roster.txt"],
  ].map((path) => `${root}${path}`);
  const { system, handedIn, leftOut } = await readDownload(source(paths, gradescope), null);
  expect(system).toBe("gradescope");
  expect(handedIn.map(short)).toEqual([
    [
      "gradescope:101",
      "Jane Smith|jane@example.edu|2024001",
      "2026-10-12T18:25:43.123Z",
      false,
      "hw/rnn.py notes.txt",
    ],
    [
      "gradescope:102",
      "Jane Smith|two@example.edu; Pair Two||201",
      "2026-10-12T12:00:00.000Z",
      false,
      "submission_metadata.yml",
    ],
  ]);
  expect(leftOut.map(({ path }) => path)).toEqual([`${root}submission_103/`, `${root}roster.txt`]);
  expect(withoutResults(gradescope)).not.toContain("not this");
  expect(withoutResults(gradescope)).toContain(":score: 3.0");
});

test("metadata that is no YAML, or that expands without end, is refused in a sentence", async () => {
  const paths = ["submission_metadata.yml", "submission_1/a.py"];
  await expect(readDownload(source(paths, "a: [1\nb"), null)).rejects.toThrow(Unreadable);
  const level = (n: number) =>
    `k${n}: &a${n} [${Array(12)
      .fill(`*a${n - 1}`)
      .join(", ")}]\n`;
  const bomb = `k0: &a0 x\n${[1, 2, 3, 4, 5, 6, 7, 8].map(level).join("")}`;
  await expect(readDownload(source(paths, bomb), null)).rejects.toThrow(/cannot be read/);
});

test("Canvas: a person's files by their id; text and links are named, not taken", async () => {
  const paths = [
    "smithjane_1234_5678_rnn.py",
    "smithjane_1234_5679_my report_2.pdf",
    "张伟_LATE_1235_5680_作业-1.zip",
    "anon_aB3dE_5681_work.zip",
    "leeann_1236_text.html",
  ];
  const people = joinSheets([
    sheet(
      'Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"Smith, Jane",1234,S1,jsmith,A\n',
    ),
    sheet(
      '[{"user_id": 1234, "submitted_at": "2026-10-12T10:00:00Z"}, {"user_id": 1235, "submitted_at": null}]',
    ),
  ]);
  const { system, handedIn, leftOut } = await readDownload(source(paths), people);
  expect(system).toBe("canvas");
  expect(handedIn.map(short)).toEqual([
    [
      "canvas:1234:5679",
      "Smith, Jane||S1|jsmith",
      "2026-10-12T10:00:00.000Z",
      false,
      "rnn.py my report_2.pdf",
    ],
    ["canvas:1235:5680", "|", null, true, "作业-1.zip"],
    ["canvas:anon_aB3dE:5681", "|", null, false, "work.zip"],
  ]);
  expect(leftOut.map(({ path }) => path)).toEqual(["leeann_1236_text.html"]);
});

test("Moodle: folders of old and new versions and flat files; the worksheet says who and when", async () => {
  const paths = [
    "Jane Smith_8880001_assignsubmission_file_/hw/rnn.py",
    "张 伟_8880002_assignsubmission_file/作业.zip",
    "Ann Lee_8880003_assignsubmission_file_rnn.py",
    "Ann Lee_8880003_assignsubmission_onlinetext_onlinetext.html",
    "stray.txt",
  ];
  const worksheet =
    "\ufeffIdentifier,Full name,ID number,Email address,Status,Last modified (submission)\r\n" +
    'Participant 8880001,Jane Smith,9900001,jane@example.edu,Submitted,"Wednesday, 10 June 2026, 2:14 PM"\r\n' +
    "参与者8880002,张伟,,zhang@example.edu,Submitted,2026年06月10日 星期三 14:15\r\n" +
    "Participant 8880003,Ann Lee,,,No submission,-\r\n";
  const { system, handedIn, leftOut } = await readDownload(source(paths), sheet(worksheet));
  expect(system).toBe("moodle");
  expect(handedIn.map(short)).toEqual([
    [
      "moodle:8880001@2026-06-10T06:14:00.000Z",
      "Jane Smith|jane@example.edu|9900001",
      "2026-06-10T06:14:00.000Z",
      false,
      "hw/rnn.py",
    ],
    [
      "moodle:8880002@2026-06-10T06:15:00.000Z",
      "张伟|zhang@example.edu",
      "2026-06-10T06:15:00.000Z",
      false,
      "作业.zip",
    ],
    ["moodle:8880003", "Ann Lee|", null, false, "rnn.py"],
  ]);
  expect(leftOut.map(({ path }) => path)).toEqual([
    "Ann Lee_8880003_assignsubmission_onlinetext_onlinetext.html",
    "stray.txt",
  ]);
});

test("what is no download of any of them is said to be none", () =>
  expect(readDownload(source(["src/rnn.py", "README.md"]), null)).rejects.toThrow(/no download/));

test("a worksheet whose times are not understood is refused with the line", () =>
  expect(() => sheet("Identifier,Last modified (submission)\nParticipant 1,mercredi 10 juin 2026\n")).toThrow(
    /line 2: .*mercredi/,
  ));

test.each([
  ["Wednesday, 10 June 2026, 2:14 PM", "2026-06-10T06:14:00.000Z"],
  ["Wednesday, 10 June 2026, 12:00 AM", "2026-06-09T16:00:00.000Z"],
  ["Wednesday, 10 June 2026, 14:14", "2026-06-10T06:14:00.000Z"],
  ["Wednesday, September 23, 2026, 9:00 PM", "2026-09-23T13:00:00.000Z"],
  ["2026年06月10日 星期三 下午2:14", "2026-06-10T06:14:00.000Z"],
  ["2026年6月10日 星期三 14:14", "2026-06-10T06:14:00.000Z"],
  ["2026-06-10T06:14:00Z", "2026-06-10T06:14:00.000Z"],
  ["10 Floreal 2026, 14:14", null],
  ["31 June 2026, 14:14", null],
  ["Wednesday, 10 June 2026", null],
])("%s", (written, want) => expect(readTime(written, "Asia/Shanghai")?.toISOString() ?? null).toBe(want));

test.each([
  ["2026-10-12 18:25:43.123456000 Z", "2026-10-12T18:25:43.123Z"],
  ["2026-10-12 18:25:43 -0700", "2026-10-13T01:25:43.000Z"],
  ["2026-10-12T18:25:43-07:00", "2026-10-13T01:25:43.000Z"],
  ["2026-10-12 18:25:43", null],
  ["yesterday", null],
])("Ruby's %s", (written, want) => expect(rubyTime(written)?.toISOString() ?? null).toBe(want));

const roster = [
  { personId: "1", name: "Jane Mary Smith", email: "jms@example.edu", studentNumber: "S1" },
  { personId: "2", name: "张伟", email: "zw@example.edu", studentNumber: null },
  { personId: "3", name: "José Álvarez", email: "jose@example.edu", studentNumber: "S3" },
  { personId: "4", name: "Ann Lee", email: "ann1@example.edu", studentNumber: null },
  { personId: "5", name: "Ann Lee", email: "ann2@example.edu", studentNumber: null },
];
const find = matcher(roster);
test.each([
  ["an e-mail, in any case", { name: "Other Name", email: "JMS@example.edu", numbers: [] }, "1 email"],
  ["a student number", { name: null, email: null, numbers: ["s3"] }, "3 number"],
  ["a name to sign in with", { name: null, email: null, numbers: ["zw"] }, "2 number"],
  ["Canvas's way of a name", { name: "smithjanemary", email: null, numbers: [] }, "1 name"],
  ["a name as it is said", { name: "Jane Mary Smith", email: null, numbers: [] }, "1 name"],
  ["a Chinese name", { name: "张 伟", email: null, numbers: [] }, "2 name"],
  ["accents left out", { name: "Alvarez, Jose", email: null, numbers: [] }, "3 name"],
  ["a name that two people have", { name: "Ann Lee", email: null, numbers: [] }, "several"],
  ["an e-mail of nobody's, but a name", { name: "José Álvarez", email: "x@y.z", numbers: [] }, "3 name"],
  ["nobody", { name: "Nobody Here", email: null, numbers: [] }, "nobody"],
  ["nothing", { name: null, email: null, numbers: [] }, "nobody"],
  ["a name of signs", { name: "———", email: null, numbers: [] }, "nobody"],
])("%s", (_, who, want) => {
  const match = find(who);
  expect("none" in match ? match.none : `${match.person.personId} ${match.by}`).toBe(want);
});
