// A course of the largest size that is promised: so many students, ten assignments, ten submissions each, graded.
import { createHash, randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { v7 } from "uuid";
import { suiteConfig } from "../src/judge/suite.ts";
import type { Database } from "../src/platform/database.ts";

export const ASSIGNMENTS = 10;
const EACH = 10;

/** Fills an empty, migrated database. @returns the instructor's id */
export async function fillGradebook({ db }: Database, students: number): Promise<string> {
  const [course, suite, version] = [v7(), v7(), v7()];
  const config = JSON.stringify(
    suiteConfig.parse({
      id: "book",
      title: "Book",
      rubric: [{ id: "report", title: "Report", points: 20 }],
    }),
  );
  const blob = createHash("sha256").update("gradebook").digest("hex");
  const tests = JSON.stringify(
    Array.from({ length: 12 }, (_, n) => {
      const title = { en: `Test ${n}`, zh: `测试 ${n}` };
      return { name: `test_${n}`, title, number: String(n + 1), max: 500, visibility: "visible", tags: [] };
    }),
  );
  await db.execute(
    sql`insert into courses (id, slug, title) values (${course}, 'large', '{"en":"Large","zh":"大课"}')`,
  );
  await db.execute(sql`insert into people (id, name, email)
    select gen_random_uuid(), 'Person ' || n, 'person' || n || '@example.edu' from generate_series(0, ${students}::int) n`);
  await db.execute(sql`insert into roster (course_id, person_id, role, student_number, section)
    select ${course}, id, case when email = 'person0@example.edu' then 'instructor' else 'student' end,
      substr(email, 7, position('@' in email) - 7), chr(65 + (hashtext(email) & 3)) from people`);
  const [first] = await db.execute<{ id: string }>(
    sql`select id from people where email = 'person0@example.edu'`,
  );
  await db.execute(sql`insert into suites (id, course_id, name) values (${suite}, ${course}, 'book')`);
  await db.execute(sql`insert into suite_versions
    (id, suite_id, number, hash, blob, bytes, config, secret, tests, state, registered_by)
    values (${version}, ${suite}, 1, ${blob}, ${blob}, 1, ${config}::jsonb, ${randomBytes(32)}, ${tests}::jsonb,
      'published', ${first!.id})`);
  await db.execute(sql`insert into assignments
      (id, course_id, slug, title, suite_version_id, state, due_at, late_percent_per_day, late_last_day, counting)
    select gen_random_uuid(), ${course}, 'hw-' || n, jsonb_build_object('en', 'Homework ' || n, 'zh', '作业 ' || n),
      ${version}, 'open', now() - interval '7 days' * (${ASSIGNMENTS}::int - n), 10, null,
      case when n % 2 = 0 then 'best' else 'latest' end
    from generate_series(1, ${ASSIGNMENTS}::int) n`);
  await db.execute(sql`insert into submissions (id, assignment_id, person_id, number, received_at, suite_version_id,
      original_blob, original_name, original_bytes, archive_blob, archive_bytes)
    select uuidv7(), a.id, p.id, n, a.due_at - interval '1 hour' * (8 - n) * 20, ${version}, ${blob}, 'work.zip', 1000,
      ${blob}, 1000
    from assignments a, people p, generate_series(1, ${EACH}::int) n where p.email <> 'person0@example.edu'`);
  await db.execute(sql`insert into attempts (id, subject, run, number, archive_blob, archive_hash, archive_bytes,
      suite_blob, suite_hash, suite_config, key, lane, priority, team, crowd, state, created_at, started_at,
      finished_at, report, score, max, is_final, announced_at)
    select uuidv7(), s.id::text, 'submit', 1, ${blob}, ${blob}, 1000, ${blob}, ${blob}, ${config}::jsonb,
      ${randomBytes(32)}, 'cpu', 0, ${course}::text || ':' || s.person_id, ${course}::text, 'finished', s.received_at,
      s.received_at, s.received_at, '{"wallMs":10,"leaderboard":[],"flags":[],"circumstances":{}}',
      (hashtext(s.id::text) & 4095) + 1900, 6000, true, now()
    from submissions s`);
  await db.execute(sql`insert into rubric_grades (submission_id, item, points, graded_by)
    select id, 'report', (hashtext(id::text) & 1023) + 500, ${first!.id} from submissions where number >= 9`);
  // As autovacuum leaves a table that is hours old.
  await db.execute(sql`vacuum analyze`);
  return first!.id;
}

/** Results of twelve tests for every grading of one assignment: a third fail, and of half of those the mistake is named. */
export async function fillTests({ db }: Database, slug: string): Promise<void> {
  await db.execute(sql`insert into test_results (attempt_id, position, name, result, score, max, visibility, diagnosis)
    select t.id, n + 1, 'test_' || n, jsonb_build_object('name', 'test_' || n, 'score', 500 - 250 * f, 'max', 500,
        'verdict', case f when 1 then 'failed' else 'passed' end, 'traceback', null, 'extra', '{}'::jsonb,
        'title', jsonb_build_object('en', 'Test ' || n, 'zh', '测试 ' || n),
        'message', case f when 1 then jsonb_build_object('en', 'The gradient differs.', 'zh', '梯度不同。') end),
      500 - 250 * f, 500, 'visible',
      case when f = 1 and h % 2 = 0 then jsonb_build_object('mutant', 'mistake-' || h % 30, 'others', '[]'::jsonb,
        'title', jsonb_build_object('en', 'Mistake ' || h % 30, 'zh', '错误 ' || h % 30),
        'hint', jsonb_build_object('en', 'Look again.', 'zh', '再看看。'),
        'evidence', jsonb_build_object('calls', 3, 'differing', 2, 'function', 'book.read')) end
    from attempts t join submissions s on s.id::text = t.subject join assignments a on a.id = s.assignment_id
      cross join generate_series(0, 11) n
      cross join lateral (select hashtext(t.id::text || n) & 65535 as h) hashed
      cross join lateral (select case when h % 3 = 0 then 1 else 0 end as f) failed
    where a.slug = ${slug}`);
  await db.execute(sql`analyze test_results`);
}
