// A course with people of each role, a published suite and an open assignment, all made through the API.
import AdmZip from "adm-zip";
import { transaction } from "../../platform/database.ts";
import { learnTests } from "../../suites/publish.ts";
import type { DeclaredSuiteTest } from "../../suites/tables.ts";
import { as, somebody, type TestPerson, type TestServer } from "./server.ts";

export interface TestCourse {
  slug: string;
  admin: TestPerson;
  instructor: TestPerson;
  ta: TestPerson;
  student: TestPerson;
  /** Another student of the same course. */
  other: TestPerson;
  /** In no course. */
  stranger: TestPerson;
  versionId: string;
  assignmentId: string;
}

/** Files as a ZIP. */
export function zipOf(files: Record<string, string | Buffer>): Buffer {
  const zip = new AdmZip();
  for (const [path, content] of Object.entries(files)) zip.addFile(path, Buffer.from(content));
  return zip.toBuffer();
}

export const suiteFiles = {
  "grader.yaml": [
    "id: echo",
    "title: { en: Echo, zh: 回声 }",
    "files: { required: [echo.py] }",
    "limits: { upload: 1MB, unpacked: 5MB }",
    "",
  ].join("\n"),
  "tests/test_echo.py": "def test_echo(student):\n    assert student.echo.echo(1) == 1\n",
  "reference/echo.py": "def echo(x):\n    return x\n",
};

export const declared: DeclaredSuiteTest[] = [
  {
    name: "test_seen",
    title: { en: "Seen", zh: "可见" },
    number: "1",
    max: 1000,
    visibility: "visible",
    tags: [],
  },
  {
    name: "test_hidden",
    title: { en: "Hidden", zh: "隐藏" },
    number: "2",
    max: 3000,
    visibility: "hidden",
    tags: [],
  },
  {
    name: "test_late",
    title: { en: "Late", zh: "截止" },
    number: "3",
    max: 500,
    visibility: "after_due_date",
    tags: [],
  },
];

let courses = 0;

export async function testCourse(server: TestServer): Promise<TestCourse> {
  const admin = await somebody(server, { admin: true });
  const [instructor, ta, student, other, stranger] = [
    await somebody(server),
    await somebody(server),
    await somebody(server),
    await somebody(server),
    await somebody(server),
  ];
  const slug = `course-${++courses}`;
  await must(as(server, admin, "/courses", { json: { slug, title: slug, instructor: instructor.email } }));
  const rows = [
    [ta, "ta"],
    [student, "student"],
    [other, "student"],
  ] as const;
  const csv = `email,name,role\n${rows.map(([who, role]) => `${who.email},${who.name},${role}`).join("\n")}\n`;
  await must(as(server, instructor, `/courses/${slug}/roster`, { body: csv, type: "text/csv" }));
  const versionId = await publishedVersion(server, instructor, slug);
  const made = await must(
    as(server, instructor, `/courses/${slug}/assignments`, {
      json: { slug: "hw1", title: { en: "Homework", zh: "作业" }, state: "open", suiteVersionId: versionId },
    }),
  );
  return { slug, admin, instructor, ta, student, other, stranger, versionId, assignmentId: made.id };
}

export async function publishedVersion(
  server: TestServer,
  instructor: TestPerson,
  slug: string,
  files: Record<string, string> = suiteFiles,
): Promise<string> {
  const zip = { body: zipOf(files), type: "application/zip" };
  const version = await must(as(server, instructor, `/courses/${slug}/suites`, zip));
  await transaction(server.services.db, (tx) => learnTests(tx, version.id, [...declared]));
  const json = { unproved: "for tests: nothing is graded by it" };
  await must(as(server, instructor, `/suite-versions/${version.id}/publish`, { json }));
  return version.id;
}

export const echoZip = (text = "def echo(x):\n    return x\n") => zipOf({ "echo.py": text });

/** Hands in as `who`; the receipt. */
export function handIn(server: TestServer, who: TestPerson, assignmentId: string, zip = echoZip()) {
  return must(
    as(server, who, `/assignments/${assignmentId}/submissions`, { body: zip, type: "application/zip" }),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into it
export async function must(answer: ReturnType<typeof as>): Promise<any> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}
