import { expect, test } from "vitest";
import { parseCsv, readRoster } from "./roster-csv.ts";

/** `邮箱,姓名,角色,学号` and two rows, as Excel on a Chinese Windows saves it (GBK). */
const gbk = Buffer.from(
  "d3cacfe42cd0d5c3fb2cbdc7c9ab2cd1a7bac50d0a7a68616e67406578616d706c652e6564752cd5c5c8fd2cd1a7c9fa2c32303234303031" +
    "0d0a6c69406578616d706c652e6564752cc0eecbc42cd6fabdcc2c0d0a",
  "hex",
);
const two = [
  {
    line: 2,
    email: "zhang@example.edu",
    name: "张三",
    role: "student",
    studentNumber: "2024001",
    section: null,
  },
  { line: 3, email: "li@example.edu", name: "李四", role: "ta", studentNumber: null, section: null },
];
const text = "邮箱,姓名,角色,学号\r\nzhang@example.edu,张三,学生,2024001\r\nli@example.edu,李四,助教,\r\n";

test.each([
  ["GBK", gbk, "gb18030"],
  ["UTF-8", Buffer.from(text), "utf-8"],
  ["UTF-8 with a mark", Buffer.from(`\ufeff${text}`), "utf-8"],
  [
    "UTF-16 with tabs, Excel's “Unicode text”",
    Buffer.from(`\ufeff${text.replaceAll(",", "\t")}`, "utf16le"),
    "utf-16le",
  ],
  ["semicolons", Buffer.from(text.replaceAll(",", ";")), "utf-8"],
])("a roster in %s", (_, bytes, encoding) => expect(readRoster(bytes)).toEqual({ rows: two, encoding }));

const read = (csv: string) => readRoster(Buffer.from(csv));

test("e-mails become small letters, spaces around cells go, blank lines are skipped", () => {
  const reading = read("Email , Name\n\n  A@Example.edu , Ann Lee \n,,\n");
  expect(reading).toMatchObject({ rows: [{ email: "a@example.edu", name: "Ann Lee", role: null, line: 3 }] });
});

test.each([
  ["no e-mail column", "name\nx\n", [1]],
  ["no usable e-mail", "email,name\nnot-an-email,x\n", [2]],
  ["no name", "email,name\na@example.edu,\n", [2]],
  ["a line break in a name", 'email,name\na@example.edu,"x\ny"\n', [2]],
  ["a direction mark in a name", "email,name\na@example.edu,x\u202ey\n", [2]],
  ["a role that is none", "email,name,role\na@example.edu,x,owner\n", [2]],
  ["an e-mail twice", "email,name\na@example.edu,x\nA@example.edu,y\n", [3]],
  ["a number twice", "email,name,sid\na@example.edu,x,1\nb@example.edu,y,1\n", [3]],
  ["two mistakes", "email,name\n?,x\n?,y\n", [2, 3]],
])("%s is named with its line, and nothing is taken", (_, csv, lines) => {
  const reading = read(csv);
  expect("problems" in reading ? reading.problems.map(({ line }) => line) : reading).toEqual(lines);
});

test("bytes that are no text are refused", () => {
  expect(readRoster(Buffer.from([0x80, 0xff, 0xff, 0x00, 0xfe]))).toHaveProperty("problems");
});

test("quoted cells keep separators, quotes and line breaks, and lines are counted on", () => {
  expect(parseCsv('a,b\n"x, ""y""\nz",2\nlast,3')).toEqual([
    { line: 1, cells: ["a", "b"] },
    { line: 2, cells: ['x, "y"\nz', "2"] },
    { line: 4, cells: ["last", "3"] },
  ]);
});

test.each([
  [
    "Gradescope's",
    "First Name,Last Name,SID,Email,Role,Sections\nJane,Smith,2024001,jane@example.edu,Student,A\nTom,Reed,,tom@example.edu,Reader,\n",
    [
      ["jane@example.edu", "Jane Smith", "student", "2024001", "A"],
      ["tom@example.edu", "Tom Reed", "ta", null, null],
    ],
  ],
  [
    "Moodle's participants, in Chinese",
    "\ufeff名,姓氏,学号,邮箱地址,小组\n三,张,2024001,zhang@example.edu,一班\n",
    [["zhang@example.edu", "张三", null, "2024001", "一班"]],
  ],
  [
    "Canvas's gradebook",
    'Student,ID,SIS User ID,SIS Login ID,Section,HW1 (23)\n    Points Possible,,,,,10.00\n"Smith, Jane",11,2024001,jsmith,XC 101,8\n"Student, Test",12,,1b2c,XC 101,\n',
    [["jsmith@example.edu", "Jane Smith", null, "2024001", "XC 101"]],
  ],
])("%s roster is taken as it comes", (_, csv, want) => {
  const reading = readRoster(Buffer.from(csv), "example.edu");
  expect(
    "rows" in reading
      ? reading.rows.map((r) => [r.email, r.name, r.role, r.studentNumber, r.section])
      : reading,
  ).toEqual(want);
});
