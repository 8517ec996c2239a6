// What is held back or hidden reaches its student by no way there is. The ways are taken from the server itself: every
// GET of the API and of the pages, as many as are mounted, and the forms for other systems.
import AdmZip from "adm-zip";
import { parse } from "csv-parse/sync";
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { accounts } from "../src/accounts/tables.ts";
import { sessionViewer } from "../src/accounts/viewer.ts";
import {
  echoZip,
  handIn,
  must,
  publishedVersion,
  suiteFiles,
  testCourse,
} from "../src/api/testing/course.ts";
import { begin, finish, record, reportOf, resultOf } from "../src/api/testing/grade.ts";
import { as, testServer } from "../src/api/testing/server.ts";
import { findAssignment } from "../src/assignments/assignments.ts";
import { holdBack, letGo, publishResults } from "../src/assignments/release.ts";
import { publicKeys } from "../src/lms/keys.ts";
import { registerPlatform } from "../src/lms/platforms.ts";
import { reckonScores, sendScores } from "../src/lms/scores.ts";
import { lmsContexts, lmsLinks } from "../src/lms/tables.ts";
import { notifications } from "../src/notifications/tables.ts";
import { adjust, commentLine, findReview } from "../src/review/review.ts";
import { announceResults } from "../src/submissions/announce.ts";
import { mountWeb } from "../src/web/web.ts";
import { CLIENT_ID, startPlatform } from "./lms/platform.ts";
import { testLog } from "./support/database.ts";

const server = await testServer();
mountWeb(server.app);
const { db } = server.services;
const course = await testCourse(server);
// One test opens with publication; one never does.
await server.owner.db.execute(
  sql`update suite_versions set tests = replace(tests::text, 'after_due_date', 'after_published')::jsonb`,
);

const work = await handIn(server, course.student, course.assignmentId);
const RELEASED = "marker-released";
const HIDDEN = "marker-hidden";
const REASON = "marker-reason-of-staff";
const later = { visibility: "after_published" as const };
const said = (words: string) => ({ message: { en: words, zh: words }, traceback: words, stdout: words });

beforeAll(async () => {
  const token = await begin(server, work.attempt.id);
  const tests = [
    resultOf("test_seen"),
    resultOf("test_hidden", said(HIDDEN)),
    resultOf("test_late", { ...later, ...said(RELEASED), score: 499 }),
  ];
  await record(server, token, tests);
  await finish(server, token, reportOf(tests).tests);
  const ta = sessionViewer(course.ta);
  const review = await findReview(db, ta, work.id);
  await adjust(db, ta, review, { points: "3.21", reason: `${RELEASED} adjusted` });
  await commentLine(db, ta, review, { path: "echo.py", line: 1, text: `${RELEASED} comment` }, 2);
});

const platform = await startPlatform();
beforeAll(async () => {
  // `test/lms` goes the way of a launch; here the rows that it leaves are enough.
  platform.tool = "http://assay.test";
  const registered = await registerPlatform(db, {
    ...{ name: "LMS", issuer: platform.url, clientId: CLIENT_ID, deployments: ["1"] },
    ...{ authorizationUrl: platform.url, tokenUrl: `${platform.url}/token`, keysUrl: `${platform.url}/keys` },
  });
  const { id, contextId } = { id: registered.id, contextId: "there" };
  const { assignment } = await access();
  await db.insert(lmsContexts).values({ platformId: id, contextId, courseId: assignment.courseId });
  const lineItem = `${platform.url}/lineitems/1`;
  await db
    .insert(lmsLinks)
    .values({ platformId: id, contextId, resourceId: "1", assignmentId: assignment.id, lineItem });
  await db.insert(accounts).values({ personId: course.student.id, providerId: `lti:${id}`, accountId: "s1" });
  platform.keys = await publicKeys(db);
  return () => platform.stop();
});

/** Every address that answers a GET, its parameters filled with what is the student's own. */
function addresses(more: Record<string, string> = {}): string[] {
  const own: Record<string, string> = {
    course: course.slug,
    assignment: `${course.slug}.hw1`,
    submission: work.id,
    attempt: work.attempt.id,
    person: course.student.id,
    version: course.versionId,
    suite: "echo",
    form: "csv",
    ...more,
  };
  const paths = server.app.routes
    .filter(({ method, path }) => method === "GET" && !path.includes("*"))
    .map(({ path }) =>
      path.replace(/[:{](\w+)(?:\{[^}]*\})?\}?/g, (_, name: string) => own[name] ?? crypto.randomUUID()),
    );
  const withQueries = [...new Set(paths)].flatMap((path) =>
    /source|\/file$/.test(path) ? [`${path}?path=echo.py`] : [path, `${path}?as=student`, `${path}?as=staff`],
  );
  return withQueries;
}

async function read(path: string, who: { token: string } = course.student): Promise<string> {
  const headers = { authorization: `Bearer ${who.token}` };
  if (/\/export(\?|$)/.test(path)) return unpacked(await server.app.request(path, { headers }));
  const abort = new AbortController();
  const answer = await server.app.request(path, { headers, signal: abort.signal });
  // A stream that stays open is read as long as it says something at once.
  const late = setTimeout(() => void answer.body?.cancel().catch(() => {}), 1500);
  let text = "";
  const decoder = new TextDecoder();
  try {
    if (answer.body) for await (const part of answer.body) text += decoder.decode(part, { stream: true });
  } catch {
    // Cancelled: what came is what counts.
  } finally {
    clearTimeout(late);
    abort.abort();
  }
  return `${JSON.stringify([...answer.headers])} ${text}`;
}

/** What is packed would hide what it says. */
async function unpacked(answer: Response): Promise<string> {
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (bytes.toString("latin1", 0, 2) !== "PK") return bytes.toString();
  const files = new AdmZip(bytes).getEntries().filter(({ entryName }) => !entryName.endsWith("upload.zip"));
  return files.map((file) => `${file.entryName}\n${file.getData().toString()}`).join("\n");
}

/** A number counts as a whole one: three digits stand in some id, hash or time of day by chance. */
const shows = (text: string, marker: string) =>
  /^[\d.]+$/.test(marker)
    ? new RegExp(`(?<![\\w.])${marker.replace(".", "\\.")}(?!\\w|\\.\\d)`).test(text)
    : text.includes(marker);

async function leaks(...markers: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of addresses()) {
    const text = await read(path);
    for (const marker of markers) if (shows(text, marker)) found.push(`${path}: ${marker}`);
  }
  return found;
}

/** What the forms for other systems hold for the student. */
async function exported(): Promise<string[]> {
  const cells: string[] = [];
  for (const form of ["canvas", "moodle", "gradescope"]) {
    const path = `/courses/${course.slug}/gradebook/export/${form}`;
    const rows: string[][] = parse((await as(server, course.ta, path)).body, { bom: true });
    const at = rows[0]!.indexOf("Homework");
    cells.push(rows.find((row) => row.includes(course.student.email))![at]!);
  }
  return cells;
}

/** What a learning platform that sends this course its people has been sent of the student. */
async function sentToPlatform(): Promise<unknown[]> {
  await reckonScores(db);
  await sendScores(db, testLog);
  return platform.scores.map(({ body }) => body.scoreGiven ?? null);
}

const instructor = sessionViewer(course.instructor);
const access = () => findAssignment(db, instructor, `${course.slug}.hw1`);

test("there are ways to look: dozens of them", () => {
  expect(addresses().length).toBeGreaterThan(60);
  expect(addresses().some((path) => path.endsWith("/events"))).toBe(true);
});

test("before publication nothing of it shows", { timeout: 120_000 }, async () => {
  expect(await leaks(RELEASED, HIDDEN, "4.99", "3.21", "321")).toEqual([]);
  expect(await exported()).toEqual(["", "", ""]);
  expect(await sentToPlatform()).toEqual([]);
});

test("published, but this student held back: the same, and not even that they are", {
  timeout: 120_000,
}, async () => {
  await holdBack(db, instructor, await access(), { email: course.student.email, reason: REASON });
  await publishResults(db, instructor, await access());
  expect(await announceResults(db)).toBe(0);
  expect(await leaks(RELEASED, HIDDEN, REASON, "4.99", "3.21", "321")).toEqual([]);
  expect(await exported()).toEqual(["", "", ""]);
  expect(await sentToPlatform()).toEqual([]);
});

test("let go, it shows on pages and in the API; what is hidden for good still does not", {
  timeout: 120_000,
}, async () => {
  await letGo(db, instructor, await access(), course.student.id);
  expect(await announceResults(db)).toBe(1);
  const found = await leaks(RELEASED, HIDDEN, REASON);
  expect(found.filter((one) => !one.endsWith(RELEASED))).toEqual([]);
  expect(found.some((one) => one.startsWith("/api/v1/"))).toBe(true);
  expect(found.some((one) => one.startsWith("/submissions/"))).toBe(true);
  expect(found.some((one) => one.startsWith("/account/export"))).toBe(true);
  // 10 of the seen test, 4.99, and what a person gave: not the 30 of the hidden one.
  expect(await exported()).toEqual(["18.2", "18.2", "18.2"]);
  expect(await sentToPlatform()).toEqual([18.2]);
});

test("a reason is told to staff alone, and every act is in the log", async () => {
  await holdBack(db, instructor, await access(), { email: course.other.email, reason: REASON });
  const page = (who: { token: string }) =>
    server.app.request(`/assignments/${course.slug}.hw1/release`, {
      headers: { authorization: `Bearer ${who.token}` },
    });
  expect((await page(course.other)).status).toBe(404);
  expect(await (await page(course.ta)).text()).toContain(REASON);
  const log = await must(as(server, course.instructor, `/courses/${course.slug}/audit`));
  const acts = log.items.map(({ action }: { action: string }) => action);
  expect(acts).toEqual(expect.arrayContaining(["results.held_back", "results.published", "results.let_go"]));
});

test("a TA publishes nothing and holds nobody back", async () => {
  const ta = sessionViewer(course.ta);
  const seen = await findAssignment(db, ta, `${course.slug}.hw1`);
  await expect(publishResults(db, ta, seen)).rejects.toThrow("role");
  await expect(holdBack(db, ta, seen, { email: course.student.email, reason: "r" })).rejects.toThrow("role");
});

/** Beyond a quota: each with what may be seen of it, by the real way there, which is to hand in too often. */
const levels = [
  ["full", "marker-words-0", true],
  ["verdicts", "marker-words-1", false],
  ["received", "marker-words-2", false],
] as const;

describe("beyond a quota", () => {
  const made: { id: string; attempt: { id: string } }[] = [];
  let assignmentId = "";
  const leaksOf = async (at: number, markers: string[]) => {
    const { id, attempt } = made[at]!;
    const own = {
      ...{ assignment: `${course.slug}.hw2`, submission: id, attempt: attempt.id },
      person: course.other.id,
    };
    const found: string[] = [];
    for (const path of addresses(own)) {
      const text = await read(path, course.other);
      for (const marker of markers) if (shows(text, marker)) found.push(`${path}: ${marker}`);
    }
    return found;
  };

  beforeAll(async () => {
    const json = {
      ...{ slug: "hw2", title: "Second", state: "open", suiteVersionId: course.versionId },
      ...{ attemptsTotal: 1, counting: "latest" },
    };
    assignmentId = (
      await must(as(server, course.instructor, `/courses/${course.slug}/assignments`, { json }))
    ).id;
    for (const [at, [, words]] of levels.entries()) {
      const one = await handIn(server, course.other, assignmentId, echoZip(`# ${at}\n`));
      const token = await begin(server, one.attempt.id);
      const seen = { ...said(words), verdict: "failed" as const, score: 444 };
      const tests = [resultOf("test_seen", seen), resultOf("test_hidden", said(HIDDEN))];
      await record(server, token, tests);
      await finish(server, token, reportOf(tests).tests);
      made.push(one);
    }
  });

  test.each(levels)(
    "what a report at “%s” leaves out shows nowhere",
    { timeout: 120_000 },
    async (level, words, open) => {
      const at = levels.findIndex(([name]) => name === level);
      const found = await leaksOf(at, [words, HIDDEN]);
      expect(found.filter((one) => one.endsWith(HIDDEN))).toEqual([]);
      // Without it seen where it is open, not to be seen would say nothing.
      expect(found.some((one) => one.startsWith("/api/v1/submissions/"))).toBe(open);
      expect(found.some((one) => one.includes("/events"))).toBe(open);
      if (!open) expect(found).toEqual([]);
    },
  );

  test("a word for each test, and no points of what did not pass; or nothing but that it is here", async () => {
    const report = (at: number) =>
      must(as(server, course.other, `/submissions/${made[at]!.id}/report`)) as Promise<{
        feedback: string;
        score: number | null;
        tests: { name: string; score: number }[];
      }>;
    expect(await report(0)).toMatchObject({ feedback: "full", score: 444, tests: [{ score: 444 }] });
    expect(await report(1)).toMatchObject({ feedback: "verdicts", score: 0, tests: [{ score: 0 }] });
    expect(await report(2)).toMatchObject({ feedback: "received", tests: [] });
    for (const at of [1, 2]) {
      const entry = await must(as(server, course.other, `/submissions/${made[at]!.id}`));
      expect(entry.score ?? 0).toBe(0);
    }
  });

  test("no notification and no mail says a result of any of them", async () => {
    const told = await server.owner.db.select().from(notifications);
    expect(told.map(({ kind, personId }) => [kind, personId])).toEqual([
      ["results_published", course.student.id],
    ]);
    const text = JSON.stringify(told);
    for (const marker of [...levels.map(([, words]) => words), HIDDEN, RELEASED, REASON]) {
      expect(text).not.toContain(marker);
    }
    // A mail is made of these rows and of nothing else (send-mails.ts): no column of theirs holds points or words of a test.
    expect(Object.keys(told[0]!.about).sort()).toEqual(["en", "zh"]);
  });
});

describe("a test that is seen until the due date", () => {
  const UNTIL = "marker-until";
  const students = [course.other, course.student] as const;
  const [extended, student] = students;
  const made = new Map<string, { id: string; attempt: { id: string } }>();
  let assignmentId = "";

  const edit = (json: object) =>
    must(as(server, course.instructor, `/assignments/${assignmentId}`, { method: "PATCH", json }));
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const ways = (who: (typeof students)[number]) => {
    const { id, attempt } = made.get(who.id)!;
    const own = { assignment: `${course.slug}.hw3`, submission: id, attempt: attempt.id, person: who.id };
    return addresses({ ...own, course: course.slug });
  };
  const isShownIn = async (who: (typeof students)[number], paths: string[]) => {
    const texts = await Promise.all(paths.map((path) => read(path, who)));
    return paths.filter((_, at) => shows(texts[at]!, UNTIL) || shows(texts[at]!, "4.99"));
  };
  /** Where it must show while it is open: answer, stream and page. */
  const main = (who: (typeof students)[number]) => {
    const { id } = made.get(who.id)!;
    return [`/api/v1/submissions/${id}/report`, `/api/v1/submissions/${id}/events`, `/submissions/${id}`];
  };

  beforeAll(async () => {
    const versionId = await publishedVersion(server, course.instructor, course.slug, {
      ...suiteFiles,
      "grader.yaml": `${suiteFiles["grader.yaml"]}starter_max: 1\n`,
    });
    await server.owner.db.execute(
      sql`update suite_versions set tests = replace(tests::text, 'after_due_date', 'until_due_date')::jsonb
        where id = ${versionId}`,
    );
    const json = { slug: "hw3", title: "Third", state: "open", suiteVersionId: versionId, dueAt: inHours(1) };
    assignmentId = (
      await must(as(server, course.instructor, `/courses/${course.slug}/assignments`, { json }))
    ).id;
    await must(
      as(server, course.instructor, `/assignments/${assignmentId}/extensions/${extended.id}`, {
        method: "PUT",
        json: { dueAt: inHours(2), reason: "ill" },
      }),
    );
    for (const who of students) {
      const one = await handIn(server, who, assignmentId, echoZip(`# until ${who.id}\n`));
      const until = { visibility: "until_due_date" as const, ...said(UNTIL), score: 499 };
      const tests = [resultOf("test_seen"), resultOf("test_late", until)];
      const token = await begin(server, one.attempt.id);
      await record(server, token, tests);
      await finish(server, token, reportOf(tests).tests);
      made.set(who.id, one);
    }
  });

  test("shows before it, to everybody", { timeout: 60_000 }, async () => {
    expect(ways(student)).toEqual(expect.arrayContaining(main(student)));
    for (const who of students) expect(await isShownIn(who, main(who))).toEqual(main(who));
  });

  test("past their own it shows nowhere, by no way, with results published or without; with an extension it goes on", {
    timeout: 120_000,
  }, async () => {
    await edit({ dueAt: inHours(-1) });
    expect(await isShownIn(student, ways(student))).toEqual([]);
    expect(await isShownIn(extended, main(extended))).toEqual(main(extended));
    await publishResults(db, instructor, await findAssignment(db, instructor, `${course.slug}.hw3`));
    expect(await isShownIn(student, [...main(student), `/api/v1/courses/${course.slug}/gradebook`])).toEqual(
      [],
    );
    const path = `/courses/${course.slug}/gradebook/export/canvas`;
    const rows: string[][] = parse((await as(server, course.ta, path)).body, { bom: true });
    const cell = (who: { email: string }) =>
      rows.find((row) => row.includes(who.email))![rows[0]!.indexOf("Third")];
    // The seen test's 10 alone; for whom it is still open its 4.99 too.
    expect([cell(student), cell(extended)]).toEqual(["10", "14.99"]);
  });

  test("and past the extension's date it is gone for them, too", { timeout: 60_000 }, async () => {
    await server.owner.db.execute(sql`update extensions set due_at = now() - interval '10 minutes'
      where assignment_id = ${assignmentId}`);
    expect(await isShownIn(extended, main(extended))).toEqual([]);
  });
});
