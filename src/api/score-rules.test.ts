// Other points for stored results: previewed, applied, undone, without anything being run.
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { sessionViewer } from "../accounts/viewer.ts";
import { findAssignment } from "../assignments/assignments.ts";
import { attempts, testResults } from "../grading/tables.ts";
import { scoreRules } from "../scoring/rules.ts";
import { applyRuleSet, previewRules, undoRuleSet } from "../submissions/rescore.ts";
import { echoZip, handIn, must, testCourse } from "./testing/course.ts";
import { begin, finish, resultOf } from "./testing/grade.ts";
import { as, testServer } from "./testing/server.ts";

const server = await testServer();
const { db } = server.services;
const course = await testCourse(server);
const { student, instructor } = course;

let made = 0;
async function assignment(more: object = {}) {
  const json = {
    slug: `points-${++made}`,
    title: "P",
    state: "open",
    suiteVersionId: course.versionId,
    ...more,
  };
  return must(as(server, instructor, `/courses/${course.slug}/assignments`, { json }));
}
const results = () => [
  resultOf("test_seen", { verdict: "partial", score: 400 }),
  resultOf("test_hidden"),
  resultOf("test_late", { verdict: "failed", score: 0 }),
];
async function graded(id: string, who = student, zip = echoZip(`# ${crypto.randomUUID()}\n`)) {
  const receipt = await handIn(server, who, id, zip);
  await finish(server, await begin(server, receipt.attempt.id), results());
  return receipt.id as string;
}
const scoreOf = async (id: string, who = instructor) => {
  const { score, max } = await must(as(server, who, `/submissions/${id}/report`));
  return [score, max];
};
const change = (id: string, rules: object, more: object = {}) =>
  as(server, instructor, `/assignments/${id}/score-rules`, { json: { rules, reason: "unclear", ...more } });

test("what is dropped and given in full reaches staff and student, and undoing brings the old points back", async () => {
  const { id } = await assignment();
  const submission = await graded(id);
  expect(await scoreOf(submission)).toEqual([3400, 4500]);
  expect(await scoreOf(submission, student)).toEqual([400, 1000]);
  const rules = { drop: ["test_late"], full: ["test_seen"] };
  expect((await change(id, rules)).body).toEqual({ number: 1, changed: 1 });
  expect(await scoreOf(submission)).toEqual([4000, 4000]);
  expect(await scoreOf(submission, student)).toEqual([1000, 1000]);
  const undone = await must(as(server, instructor, `/assignments/${id}/score-rules`, { method: "DELETE" }));
  expect(undone).toEqual({ changed: 1 });
  expect(await scoreOf(submission)).toEqual([3400, 4500]);
  const again = await as(server, instructor, `/assignments/${id}/score-rules`, { method: "DELETE" });
  expect(again.body.error.code).toBe("nothing_to_undo");
});

test("a later set is laid over what was measured, not over the earlier one", async () => {
  const { id } = await assignment();
  const submission = await graded(id);
  await must(change(id, { points: { test_seen: 2000 } }));
  expect(await scoreOf(submission)).toEqual([3800, 5500]);
  await must(change(id, { points: { test_seen: 500 } }));
  expect(await scoreOf(submission)).toEqual([3200, 4000]);
  await must(as(server, instructor, `/assignments/${id}/score-rules`, { method: "DELETE" }));
  expect(await scoreOf(submission)).toEqual([3800, 5500]);
});

test("what is graded afterwards, or was being graded meanwhile, is under the rules too", async () => {
  const { id } = await assignment();
  const running = await handIn(server, student, id, echoZip("# running\n"));
  const token = await begin(server, running.attempt.id);
  await must(change(id, { full: ["test_late"] }));
  await finish(server, token, results());
  expect(await scoreOf(running.id)).toEqual([3900, 4500]);
  expect(await scoreOf(await graded(id))).toEqual([3900, 4500]);
});

test("a hidden test's count of points follows its worth, and tells nothing of its result", async () => {
  const { id } = await assignment();
  const submission = await graded(id);
  await must(change(id, { points: { test_hidden: 100 } }));
  const { hidden } = await must(as(server, student, `/submissions/${submission}/report`));
  expect(hidden).toMatchObject({ count: 2, points: 600 });
});

test("a preview changes nothing, names who changes, and is refused when something has moved", async () => {
  const { id } = await assignment();
  const submission = await graded(id);
  const rules = { drop: ["test_seen"] };
  const preview = await must(
    as(server, instructor, `/assignments/${id}/score-rules/preview`, { json: rules }),
  );
  expect(preview).toMatchObject({ looked: 1, up: 0, down: 1 });
  expect(preview.lines).toMatchObject([
    {
      submissionId: submission,
      email: student.email,
      before: { score: 3400, max: 4500 },
      after: { score: 3000, max: 3500 },
    },
  ]);
  expect(await scoreOf(submission)).toEqual([3400, 4500]);
  await graded(id, course.other);
  const stale = await change(id, rules, { basis: preview.basis });
  expect([stale.status, stale.body.error.code]).toEqual([409, "stale_preview"]);
  expect(await scoreOf(submission)).toEqual([3400, 4500]);
});

test("a test that nobody has is a slip of the pen", async () => {
  const { id } = await assignment();
  await graded(id);
  const { status, body } = await change(id, { drop: ["test_sean"] });
  expect([status, body.error.code]).toEqual([422, "unknown_tests"]);
  expect(body.error.message).toContain("test_sean");
});

test("a bonus for what is on time comes with an extension", async () => {
  const dueAt = new Date(Date.now() - 60_000).toISOString();
  const { id } = await assignment({ dueAt, lateLastDay: 3 });
  const submission = await graded(id);
  const measured = sql`jsonb_set(report, '{leaderboard}', '[{"name":"accuracy","value":1,"order":"desc","test":"test_seen"}]')`;
  await db.execute(sql`update attempts set report = ${measured} where subject = ${submission}`);
  const bands = [
    {
      test: "test_seen",
      metric: "accuracy",
      bands: [{ value: 1, points: 1000 }],
      bonus: [{ value: 1, points: 250 }],
      bonusOnTimeOnly: true,
    },
  ];
  await must(change(id, { bands }));
  expect(await scoreOf(submission)).toEqual([4000, 4500]);
  const later = { dueAt: new Date(Date.now() + 3_600_000).toISOString(), reason: "ill" };
  await must(
    as(server, instructor, `/assignments/${id}/extensions/${student.id}`, { method: "PUT", json: later }),
  );
  expect(await scoreOf(submission)).toEqual([4250, 4500]);
});

test("a thousand students are rescored in under two seconds, and nothing is run", async () => {
  const { id } = await assignment();
  const TESTS = 14;
  const pattern = await graded(id);
  await db.execute(sql`insert into people (id, name, email)
    select gen_random_uuid(), 'Student ' || n, 'many' || n || '@example.edu' from generate_series(1, 999) n`);
  await db.execute(sql`insert into submissions (id, assignment_id, person_id, number, suite_version_id, original_blob,
      original_name, original_bytes, archive_blob, archive_bytes)
    select gen_random_uuid(), s.assignment_id, p.id, 1, s.suite_version_id, s.original_blob, s.original_name, 1,
      s.archive_blob, 1
    from submissions s, people p where s.id = ${pattern} and p.email like 'many%'`);
  await db.execute(sql`insert into attempts (id, subject, run, number, archive_blob, archive_hash, archive_bytes,
      suite_blob, suite_hash, suite_config, key, lane, priority, team, state, report, score, max, is_final, announced_at)
    select gen_random_uuid(), s.id::text, a.run, 1, a.archive_blob, a.archive_hash, 1, a.suite_blob, a.suite_hash,
      a.suite_config, a.key, a.lane, 0, s.person_id::text, 'finished',
      a.report || '{"score": 700, "max": 1400}'::jsonb, 700, 1400, true, now()
    from submissions s, attempts a where s.assignment_id = ${id} and s.id <> ${pattern} and a.subject = ${pattern}`);
  await db.execute(sql`insert into test_results (attempt_id, position, name, result, score, max, visibility)
    select a.id, n, 'test_' || n, jsonb_build_object('name', 'test_' || n, 'verdict', 'partial', 'score', 50, 'max', 100,
      'stdout', repeat('x', 2000)), 50, 100, 'visible'
    from attempts a join submissions s on a.subject = s.id::text, generate_series(1, ${TESTS}::int) n
    where s.assignment_id = ${id} and s.id <> ${pattern}`);
  await db.execute(sql`analyze`);
  const before = await db.$count(attempts);
  const viewer = sessionViewer(instructor);
  const access = await findAssignment(db, viewer, id);
  const rules = scoreRules.parse({ points: { test_1: 200 }, drop: ["test_2"], full: ["test_3"] });
  const timed = async <T>(work: () => Promise<T>) => {
    const began = performance.now();
    const value = await work();
    return { value, ms: performance.now() - began };
  };
  const round = async () => {
    const preview = await timed(() => previewRules(db, viewer, access, rules));
    expect(preview.value).toMatchObject({ looked: 1000, up: 999 });
    const wish = { rules, reason: "unclear", basis: preview.value.basis };
    const applied = await timed(() => applyRuleSet(db, viewer, access, wish));
    expect(applied.value.changed).toBe(999);
    const undone = await timed(() => undoRuleSet(db, viewer, access));
    expect(undone.value).toBe(999);
    return [preview.ms, applied.ms, undone.ms];
  };
  // The quickest of three: what else the machine does is not what is measured.
  const rounds = [await round(), await round(), await round()];
  const best = [0, 1, 2].map((step) => Math.min(...rounds.map((times) => times[step]!)));
  if (process.env.SAY_TIMES) console.log(rounds.map((times) => times.map(Math.round)));
  for (const ms of best) expect(ms).toBeLessThan(2000);
  expect(await db.$count(attempts)).toBe(before);
  const [sums] = await db.execute<{ score: string; max: string }>(
    sql`select sum(a.score) as score, sum(a.max) as max from attempts a join submissions s on a.subject = s.id::text
      where s.assignment_id = ${id} and s.id <> ${pattern}`,
  );
  expect([Number(sums!.score), Number(sums!.max)]).toEqual([999 * 700, 999 * 1400]);
  expect(await db.$count(testResults, sql`score <> (result->>'score')::int`)).toBeGreaterThanOrEqual(0);
}, 60_000);
