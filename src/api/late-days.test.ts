// Late days as rows: spent once and only where agreed, given back when they are not needed, whatever is killed.
import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { sessionViewer } from "../accounts/viewer.ts";
import { findAssignment } from "../assignments/assignments.ts";
import { transaction } from "../platform/database.ts";
import { lateDaysLeft } from "../scoring/late-days.ts";
import { settleLateDays } from "../submissions/late-days.ts";
import { lateDayEntries, submissions } from "../submissions/tables.ts";
import { timingsFor } from "../submissions/timing.ts";
import { echoZip, must, testCourse } from "./testing/course.ts";
import { as, type TestPerson, testServer } from "./testing/server.ts";

const server = await testServer();
const { db } = server.services;
const course = await testCourse(server);
const hour = 3_600_000;
const on = (ms: number) => new Date(Date.now() + ms).toISOString();

let made = 0;
async function assignment(dueIn: number, more: object = {}) {
  const json = {
    slug: `late-${++made}`,
    title: "L",
    state: "open",
    suiteVersionId: course.versionId,
    dueAt: on(dueIn),
    lateLastDay: 5,
    latePercentPerDay: 10,
    ...more,
  };
  return must(as(server, course.instructor, `/courses/${course.slug}/assignments`, { json }));
}
const budget = (kind: string, days: number) =>
  must(
    as(server, course.instructor, `/courses/${course.slug}/late-days/budgets/${kind}`, {
      method: "PUT",
      json: { days },
    }),
  );
const send = (id: string, text: string, acceptLate = 0, who = course.student) =>
  as(server, who, `/assignments/${id}/submissions?acceptLate=${acceptLate}`, {
    body: echoZip(text),
    type: "application/zip",
  });
const left = async (work: string, who = course.student) => {
  const { balances } = await must(as(server, who, `/courses/${course.slug}/late-days`));
  return balances.find((one: { work: string }) => one.work === work)?.left ?? 0;
};

/** Ends connections at random, in the middle of what they do, while `all` is under way. */
async function underKills(all: () => Promise<unknown>[]): Promise<void> {
  let over = false;
  const killer = (async () => {
    while (!over) {
      await db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
        and state = 'idle in transaction' and pid <> pg_backend_pid() and random() < 0.5`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  })().catch(() => {});
  await Promise.all(all());
  over = true;
  await killer;
}

test("nothing is spent that was not agreed to, and the refusal says what it would be", async () => {
  await budget("essay", 4);
  const { id } = await assignment(-3 * hour, { workKind: "essay" });
  const refused = await send(id, "# a\n");
  expect([refused.status, refused.body.error.code]).toEqual([409, "late_not_accepted"]);
  expect(refused.body.error.message).toMatch(/^(3|4) h late: 1 of your 4 late days\. .*--accept-late/);
  expect(await left("essay")).toBe(4);
  const claim = { json: { sha256: "b".repeat(64), bytes: 10 } };
  expect((await as(server, course.student, `/assignments/${id}/claims`, claim)).body.error.code).toBe(
    "late_not_accepted",
  );
  expect((await send(id, "# a\n", 1)).status).toBe(201);
  expect(await left("essay")).toBe(3);
  const { late } = await must(as(server, course.student, `/assignments/${id}`));
  expect(late).toMatchObject({ days: 1, charge: 0, percent: 0, left: 3 });
});

test("agreeing to one day does not agree to two", async () => {
  await budget("two", 4);
  const { id } = await assignment(-25 * hour, { workKind: "two" });
  expect((await send(id, "# a\n", 1)).body.error).toMatchObject({
    code: "late_not_accepted",
    params: { days: 2 },
  });
  expect((await send(id, "# a\n", 2)).status).toBe(201);
  expect(await left("two")).toBe(2);
});

test("a second late submission costs nothing more for the same days", async () => {
  await budget("again", 3);
  const { id } = await assignment(-hour, { workKind: "again" });
  for (const text of ["# a\n", "# b\n"]) expect((await send(id, text, 1)).status).toBe(201);
  expect(await left("again")).toBe(2);
});

test("a submission that is taken back gives its late day back", async () => {
  await budget("back", 2);
  const { id } = await assignment(-hour, { workKind: "back" });
  const { body } = await send(id, "# a\n", 1);
  expect(await left("back")).toBe(1);
  await must(as(server, course.student, `/attempts/${body.attempt.id}/cancel`, { method: "POST" }));
  expect(await left("back")).toBe(2);
});

test("whoever has none left is told so, and pays with points", async () => {
  await budget("poor", 0);
  const { id } = await assignment(-hour, { workKind: "poor" });
  const { message } = (await send(id, "# a\n")).body.error;
  expect(message).toContain("you have no late days left; 10 % of your points");
  expect((await send(id, "# a\n", 1)).status).toBe(201);
  expect(await left("poor")).toBe(0);
});

test("kinds of work have budgets of their own, and an assignment may take fewer", async () => {
  await budget("lab", 3);
  await budget("exam", 1);
  const lab = await assignment(-60 * hour, { workKind: "lab", lateDaysMost: 1 });
  const exam = await assignment(-hour, { workKind: "exam" });
  expect((await send(lab.id, "# a\n", 5)).status).toBe(201);
  expect((await send(exam.id, "# a\n", 5)).status).toBe(201);
  expect([await left("lab"), await left("exam")]).toEqual([2, 0]);
  const { body } = await as(server, course.student, `/assignments/${lab.id}`);
  expect(body.late).toMatchObject({ days: 3, percent: 20 });
});

test("many at once, some of whose connections are killed, spend what there is and no more", async () => {
  await budget("storm", 2);
  const works: { id: string }[] = [];
  for (let n = 0; n < 6; n++) works.push(await assignment(-hour, { workKind: "storm" }));
  await underKills(() => works.map(({ id }, n) => send(id, `# storm ${n}\n`, 1).catch(() => null)));
  // Whoever was cut off tries again, as people do.
  for (const [n, { id }] of works.entries())
    expect((await send(id, `# storm ${n}\n`, 1)).status).toBeLessThan(300);
  const entries = await db.select().from(lateDayEntries).where(eq(lateDayEntries.work, "storm"));
  expect(lateDaysLeft(2, entries)).toBe(0);
  expect(await left("storm")).toBe(0);
  expect(entries.filter(({ kind }) => kind === "charge")).toHaveLength(2);
  const charged = new Set(entries.map(({ submissionId }) => submissionId));
  const there = await db.select({ id: submissions.id }).from(submissions);
  for (const id of charged) expect(there.some((row) => row.id === id)).toBe(true);
});

describe("a group", () => {
  const { student: ann, other: ben } = course;
  let set = "";
  beforeAll(async () => {
    const sets = `/courses/${course.slug}/group-sets`;
    const wish = { slug: "pairs", title: "Pairs", mostMembers: 2, formation: "students" };
    set = (await must(as(server, course.instructor, sets, { json: wish }))).id;
    const { code } = await must(as(server, ann, `${sets}/pairs/groups`, { json: { name: "Two" } }));
    await as(server, ben, `${sets}/pairs/join`, { json: { code } });
  });
  const grant = (work: string, who: TestPerson, days: number) =>
    must(
      as(server, course.instructor, `/courses/${course.slug}/late-days/grants`, {
        json: { email: who.email, kind: work, days, reason: "to begin with" },
      }),
    );
  const pair = (dueIn: number, workKind: string, groupLateRule = "each") =>
    assignment(dueIn, { workKind, groupLateRule, groupSetId: set });
  const both = async (work: string) => [await left(work, ann), await left(work, ben)];
  /** How many days of a piece late days pay for, by member. */
  const paid = async (id: string) => {
    const { assignment } = await findAssignment(db, sessionViewer(course.instructor), id);
    const timings = await timingsFor(db, assignment, [ann.id, ben.id]);
    return [timings.of(ann.id).spent, timings.of(ben.id).spent];
  };
  const extend = (who: TestPerson, id: string) =>
    must(
      as(server, course.instructor, `/assignments/${id}/extensions/${who.id}`, {
        method: "PUT",
        json: { dueAt: on(hour), reason: "ill" },
      }),
    );

  test("each member pays, whoever pressed the button, and is told what the others pay before", async () => {
    await budget("team", 4);
    const { id } = await pair(-3 * hour, "team");
    const { message } = (await send(id, "# two\n", 0, ben)).body.error;
    expect(message).toContain(`1 of your 4 late days; 1 late day of ${ann.name}.`);
    expect((await send(id, "# two\n", 1, ben)).status).toBe(201);
    expect(await both("team")).toEqual([3, 3]);
    expect((await send(id, "# two again\n", 1, ann)).status).toBe(201);
    expect([await both("team"), await paid(id)]).toEqual([
      [3, 3],
      [1, 1],
    ]);
  });

  test.each([
    ["each", [1, 0], [2, 1]],
    ["least", [2, 0], [1, 1]],
    ["most", [1, 0], [2, 2]],
  ])(
    "with 3 and 1 days and 2 late, by the rule %s they keep %j and %j are paid",
    async (rule, kept, covered) => {
      const work = `rule-${rule}`;
      await grant(work, ann, 3);
      await grant(work, ben, 1);
      const { id } = await pair(-25 * hour, work, rule);
      expect((await send(id, "# two\n", 2, ben)).status).toBe(201);
      expect([await both(work), await paid(id)]).toEqual([kept, covered]);
    },
  );

  test("whoever has none is covered by the richest, until the work is taken back and all get theirs", async () => {
    await grant("lent", ann, 2);
    const { id } = await pair(-hour, "lent", "most");
    const { message } = (await send(id, "# two\n", 0, ben)).body.error;
    expect(message).toContain(`1 late day of ${ann.name}`);
    const { attempt } = await must(send(id, "# two\n", 1, ben));
    expect([await both("lent"), await paid(id)]).toEqual([
      [1, 0],
      [1, 1],
    ]);
    const { entries } = await must(as(server, ben, `/courses/${course.slug}/late-days`));
    expect(entries[0]).toMatchObject({ kind: "charge", days: 0 });
    await must(as(server, ann, `/attempts/${attempt.id}/cancel`, { method: "POST" }));
    expect([await both("lent"), await paid(id)]).toEqual([
      [2, 0],
      [0, 0],
    ]);
  });

  test("an extension for one gives that one's days back, and takes nothing from the other", async () => {
    await grant("ill", ann, 1);
    const { id } = await pair(-hour, "ill", "most");
    await must(send(id, "# two\n", 1, ben));
    await extend(ann, id);
    expect([await both("ill"), await paid(id)]).toEqual([
      [1, 0],
      [0, 1],
    ]);
    // Ann is on time now, Ben is not: what Ann sends later still asks for what it costs him, which is nothing more.
    expect((await as(server, ann, `/assignments/${id}`)).body.late).toMatchObject({ days: 1, charge: 0 });
  });

  test("settling the book of who did not press the button leaves what the group's work costs", async () => {
    await budget("settled", 2);
    const { id } = await pair(-3 * hour, "settled");
    await must(send(id, "# of two\n", 1));
    const access = await findAssignment(db, sessionViewer(course.instructor), id);
    const back = await transaction(db, (tx) => settleLateDays(tx, access, ben.id, "looked", null));
    expect([back, await left("settled", ben)]).toEqual([0, 1]);
  });

  test("both at once, some of whose connections are killed: each is charged once for what is charged", async () => {
    await budget("twice", 3);
    const works: { id: string }[] = [];
    for (let n = 0; n < 4; n++) works.push(await pair(-hour, "twice"));
    const all = () =>
      works.flatMap(({ id }, n) => [ann, ben].map((who) => send(id, `# ${n}\n`, 1, who).catch(() => null)));
    await underKills(all);
    await Promise.all(all());
    const entries = await db.select().from(lateDayEntries).where(eq(lateDayEntries.work, "twice"));
    for (const who of [ann, ben]) {
      const own = entries.filter(({ personId }) => personId === who.id);
      expect([own.length, lateDaysLeft(3, own)]).toEqual([3, 0]);
    }
    expect(await both("twice")).toEqual([0, 0]);
  });
});
