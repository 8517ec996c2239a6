// A small course that looks real, written through the product's own functions: people of each role, a suite of
// graders/, assignments in each state, submissions whose gradings are recorded as a worker records them.
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createPerson, personByEmail, setPassword } from "../../src/accounts/people.ts";
import type { Person } from "../../src/accounts/tables.ts";
import { sessionViewer, type Viewer } from "../../src/accounts/viewer.ts";
import type { AssignmentChange } from "../../src/assignments/assignments.ts";
import { createAssignment, findAssignment } from "../../src/assignments/assignments.ts";
import { createCourse, findCourse } from "../../src/courses/courses.ts";
import { importRoster } from "../../src/courses/import-roster.ts";
import type { Services } from "../../src/http/services.ts";
import { mistakesOf } from "../../src/insight/mistakes.ts";
import { transaction } from "../../src/platform/database.ts";
import { zipFolder } from "../../src/storage/zip-write.ts";
import { submit } from "../../src/submissions/submit.ts";
import { learnTests, publishVersion } from "../../src/suites/publish.ts";
import { registerVersion } from "../../src/suites/register.ts";
import { type LaunchWorld, makeLaunchWorld } from "./lms-world.ts";
import { makeMovedWorld } from "./moved-world.ts";
import { makeComparison } from "./similarity-world.ts";
import { makeStaffWorld, type StaffWorld } from "./staff-world.ts";
import { finishGrading } from "./web-gradings.ts";
import { finalTests, makeLeaderboard } from "./web-leaderboard.ts";
import { declaredTests, resultsFor } from "./web-results.ts";
import { makeReviewed, type Reviewed, reviewedTests } from "./web-reviewed.ts";

export const PASSWORD = "a password for tests";
const DAY_MS = 86_400_000;

export interface World {
  course: string;
  people: Record<"admin" | "instructor" | "ta" | "grader" | "student" | "other" | "stranger", Viewer>;
  /** Ids by what they show. */
  submissions: { first: string; finished: string; late: string; waiting: string; others: string };
  staff: StaffWorld;
  reviewed: Reviewed;
  /** Id of a comparison of hw4-dtw with one pair. */
  similarity: string;
  launches: LaunchWorld;
  /** Of hw1-closed: a download that was looked at. */
  moved: string;
  /** Address of the group of hw4-dtw's failures that no known mistake explains. */
  group: string;
}

export async function makeWorld(services: Services): Promise<World> {
  const { db } = services;
  const admin = await newPerson(services, "admin@assay.example", "Alex Admin", true);
  const instructor = await newPerson(services, "teacher@assay.example", "周老师（示例）");
  await createCourse(
    db,
    admin,
    {
      slug: "mml-2026",
      title: { en: "Mathematics of machine learning", zh: "机器学习的数学" },
      timeZone: "Asia/Shanghai",
    },
    instructor.id,
  );
  const access = await findCourse(db, instructor, "mml-2026");
  await importRoster(db, instructor, access, Buffer.from(ROSTER));
  const people = {
    admin,
    instructor,
    ta: await withPassword(services, "ta@assay.example"),
    grader: await withPassword(services, "grader@assay.example"),
    student: await withPassword(services, "student@assay.example"),
    other: await withPassword(services, "other@assay.example"),
    stranger: await newPerson(services, "stranger@assay.example", "Sam Stranger"),
  };
  const versionId = await publishSuite(services, instructor, "graders/hw4-dtw");
  const now = Date.now();
  const common = { suiteVersionId: versionId, state: "open" as const };
  const make = (slug: string, en: string, zh: string, wish: AssignmentChange) =>
    createAssignment(db, instructor, access, { slug, title: { en, zh }, ...common, ...wish });
  await make("hw4-dtw", "Dynamic time warping", "动态时间规整", {
    opensAt: new Date(now - 6 * DAY_MS),
    dueAt: minuteOf(now + 3 * DAY_MS),
    latePercentPerDay: 10,
    lateLastDay: 3,
    graceSeconds: 600,
    counting: "best",
    attemptsTotal: 30,
    attemptsPerDay: 10,
  });
  await make("hw3-em", "Expectation maximisation", "期望最大化", {
    opensAt: new Date(now - 20 * DAY_MS),
    dueAt: minuteOf(now - 1.4 * DAY_MS),
    latePercentPerDay: 10,
    lateLastDay: 5,
  });
  await make("hw5-kernels", "Kernels", "核方法", {
    opensAt: new Date(now + 4 * DAY_MS),
    dueAt: minuteOf(now + 14 * DAY_MS),
  });
  await make("hw1-closed", "Linear regression", "线性回归", {
    dueAt: minuteOf(now - 40 * DAY_MS),
    state: "closed",
  });
  await createAssignment(db, instructor, access, {
    slug: "draft",
    title: { en: "Final project", zh: "期末项目" },
  });
  const submissions = await submissionsOf(services, people);
  const staff = await makeStaffWorld(services, instructor, "mml-2026");
  const second = await publishSuite(services, instructor, "graders/hw1-cnn", reviewedTests);
  const reviewed = await makeReviewed({ services, ...people, versionId: second, handIn: handInAs(services) });
  const final = await publishSuite(services, instructor, "graders/final-t2i", finalTests);
  await makeLeaderboard({ services, ...people, versionId: final, handIn: handInAs(services) });
  const similarity = await makeComparison(services, instructor, submissions.finished, submissions.others);
  const launches = await makeLaunchWorld(services, instructor);
  const moved = await makeMovedWorld(services, instructor, "mml-2026.hw1-closed");
  const hw4 = await findAssignment(db, people.ta, "mml-2026.hw4-dtw");
  const [group] = (await mistakesOf(db, people.ta, hw4)).unknown;
  return {
    course: "mml-2026",
    people,
    submissions,
    staff,
    reviewed,
    similarity,
    launches,
    moved,
    group: group!.key,
  };
}

const ROSTER = `email,name,role,student number,section
ta@assay.example,Tina Assistant,ta,,
grader@assay.example,Grace Grader,ta,,
student@assay.example,林同学（示例）,student,20260001,A
other@assay.example,Omar Example,student,20260002,A
third@assay.example,Thea Example,student,20260003,B
fourth@assay.example,示例学生四,student,20260004,B
fifth@assay.example,Finn Example with a rather long name to be wrapped,student,20260005,B
`;

async function submissionsOf(services: Services, people: World["people"]) {
  const first = await handIn(services, people.student, "hw4-dtw", "graders/hw4-dtw/starter");
  await finishGrading(services, first, resultsFor("starter"));
  const finished = await handIn(
    services,
    people.student,
    "hw4-dtw",
    "graders/hw4-dtw/alternatives/rolling-lists",
  );
  await finishGrading(services, finished, resultsFor("mixed", [await plotOf(services)]));
  const late = await handIn(services, people.student, "hw3-em", "graders/hw4-dtw/reference");
  await finishGrading(services, late, resultsFor("all-right"));
  const others = await handIn(services, people.other, "hw4-dtw", "graders/hw4-dtw/reference");
  await finishGrading(services, others, resultsFor("all-right"), [
    { en: "The same file as another submission, but for names.", zh: "除名称外与另一份提交相同。" },
  ]);
  const waiting = await handIn(services, people.other, "hw4-dtw", "graders/hw4-dtw/alternatives/loops");
  return { first, finished, late, waiting, others };
}

/** A plot as a suite attaches one. */
async function plotOf({ blobs }: Services) {
  const x = Array.from({ length: 40 }, (_, at) => at);
  const series = [
    { label: "yours", x, y: x.map((at) => (at === 17 ? null : 3 * Math.exp(-at / 20) + Math.sin(at) / 5)) },
    { label: "reference", x, y: x.map((at) => 3 * Math.exp(-at / 9)) },
  ];
  const labels = { x_label: { en: "step", zh: "步" } };
  const stored = await blobs.put(Buffer.from(JSON.stringify({ kind: "line", series, ...labels })));
  const caption = { en: "Distance at each step", zh: "每一步的距离" };
  const mediaType = "application/vnd.assay.plot+json";
  return { name: "distance", mediaType, caption, blob: stored.hash, bytes: stored.bytes };
}

/** Zips a folder and hands it in. */
export async function handIn(
  services: Services,
  viewer: Viewer,
  slug: string,
  folder: string,
): Promise<string> {
  const access = await findAssignment(services.db, viewer, `mml-2026.${slug}`);
  const dir = await mkdtemp(join(tmpdir(), "assay-world-"));
  try {
    const zip = await zipTo(join(dir, "upload.zip"), folder);
    const bytes = await readFile(zip);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const upload = { path: zip, hash, bytes: bytes.length, name: `${slug}.zip` };
    const { submission } = await submit(services, viewer, access, upload, crypto.randomUUID(), 365);
    return submission.id;
  } finally {
    await rm(dir, { recursive: true });
  }
}

export async function zipTo(path: string, folder: string): Promise<string> {
  await pipeline(zipFolder(folder), createWriteStream(path));
  return path;
}

const handInAs = (services: Services) => (viewer: Viewer, slug: string, folder: string) =>
  handIn(services, viewer, slug, folder);

async function publishSuite(
  services: Services,
  viewer: Viewer,
  folder: string,
  tests = declaredTests,
): Promise<string> {
  const access = await findCourse(services.db, viewer, "mml-2026");
  const dir = await mkdtemp(join(tmpdir(), "assay-world-"));
  const path = await zipTo(join(dir, "suite.zip"), folder);
  const { version } = await registerVersion(services, viewer, access, { path });
  await rm(dir, { recursive: true });
  await transaction(services.db, (tx) => learnTests(tx, version.id, tests));
  await publishVersion(services.db, viewer, version.id, "for tests of the pages: nothing is graded by it");
  return version.id;
}

async function newPerson(
  { db, auth }: Services,
  email: string,
  name: string,
  admin = false,
): Promise<Viewer> {
  const person = await transaction(db, (tx) => createPerson(tx, null, { email, name, admin }));
  await setPassword(auth, person.id, PASSWORD);
  return sessionViewer(person);
}

async function withPassword({ db, auth }: Services, email: string): Promise<Viewer> {
  const person = (await personByEmail(db, email)) as Person;
  await setPassword(auth, person.id, PASSWORD);
  return sessionViewer(person);
}

const minuteOf = (ms: number) => new Date(Math.floor(ms / 60_000) * 60_000);
