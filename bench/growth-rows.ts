// A course's history as rows, made by the database itself: assignments of 1,000 submissions each (200 people, five
// times), every one graded. Only their number grows, as over years; no assignment becomes larger. Rows are written in
// the order in which they would have come: what is asked of one assignment then lies together, as in a real table.
import { createHash, randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { v7 } from "uuid";
import { suiteConfig } from "../src/judge/suite.ts";
import type { Database } from "../src/platform/database.ts";

export const PEOPLE = 200;
export const EACH = 5;
const AN_ASSIGNMENT = PEOPLE * EACH;

export interface Grown {
  instructor: string;
  /** Ids of an assignment in the middle, one of its students and that student's newest submission there. */
  assignment: string;
  student: string;
  submission: string;
}

/** Fills an empty database. Safe for a scratch one only. */
export async function grow({ db }: Database, submissions: number): Promise<Grown> {
  const count = Math.ceil(submissions / AN_ASSIGNMENT);
  const course = v7();
  const version = v7();
  const config = JSON.stringify(suiteConfig.parse({ id: "growth", title: "Growth" }));
  const blob = createHash("sha256").update("growth").digest("hex");
  await db.execute(
    sql`insert into courses (id, slug, title) values (${course}, 'growth', '{"en":"G","zh":"G"}')`,
  );
  await db.execute(sql`insert into people (id, name, email)
    select gen_random_uuid(), 'Person ' || n, 'person' || n || '@example.edu' from generate_series(0, ${PEOPLE}::int) n`);
  await db.execute(sql`insert into roster (course_id, person_id, role)
    select ${course}, id, case when email = 'person0@example.edu' then 'instructor' else 'student' end from people`);
  const [first] = await db.execute<{ id: string }>(
    sql`select id from people where email = 'person0@example.edu'`,
  );
  const suite = v7();
  await db.execute(sql`insert into suites (id, course_id, name) values (${suite}, ${course}, 'growth')`);
  await db.execute(sql`insert into suite_versions
    (id, suite_id, number, hash, blob, bytes, config, secret, tests, state, registered_by)
    values (${version}, ${suite}, 1, ${blob}, ${blob}, 1, ${config}::jsonb, ${randomBytes(32)}, '[]', 'published',
      ${first!.id})`);
  await db.execute(sql`insert into assignments (id, course_id, slug, title, suite_version_id, state)
    select gen_random_uuid(), ${course}, 'work-' || n, '{"en":"W","zh":"W"}', ${version}, 'open'
    from generate_series(1, ${count}::int) n`);
  await db.execute(sql`insert into submissions (id, assignment_id, person_id, number, received_at, suite_version_id,
      original_blob, original_name, original_bytes, archive_blob, archive_bytes)
    select uuidv7(), a.id, p.id, n, now() - interval '1 day' * (${count}::int - substr(a.slug, 6)::int)
        - interval '1 minute' * (${EACH}::int - n), ${version}, ${blob}, 'work.zip', 1000, ${blob}, 1000
    from assignments a, people p, generate_series(1, ${EACH}::int) n where p.email <> 'person0@example.edu'
    order by substr(a.slug, 6)::int, n, p.id`);
  await db.execute(sql`insert into attempts (id, subject, run, number, archive_blob, archive_hash, archive_bytes,
      suite_blob, suite_hash, suite_config, key, lane, priority, team, crowd, state, created_at, started_at,
      finished_at, report, score, max, is_final, announced_at)
    select uuidv7(), s.id::text, 'submit', 1, ${blob}, ${blob}, 1000, ${blob}, ${blob}, ${config}::jsonb,
      ${randomBytes(32)}, 'cpu', 0, ${course}::text || ':' || s.person_id, ${course}::text, 'finished', s.received_at,
      s.received_at, s.received_at, '{"wallMs":10,"leaderboard":[],"flags":[],"circumstances":{}}', 9000, 10000,
      true, now()
    from submissions s order by s.received_at`);
  await db.execute(sql`analyze`);
  const [found] = await db.execute<Omit<Grown, "instructor">>(sql`
    select s.assignment_id as assignment, s.person_id as student, s.id as submission from submissions s
    join assignments a on a.id = s.assignment_id
    where a.slug = ${`work-${Math.ceil(count / 2)}`} and s.number = ${EACH} limit 1`);
  return { ...found!, instructor: first!.id };
}
