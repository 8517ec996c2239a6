// What came of it, counted in the database after everything has settled: by our own SQL, not by the product's reads.
import type { Sql } from "postgres";
import type { WorkerDeath } from "./kills.ts";

export interface Counts {
  /** Answered with 201, or with 200 to the same key again. */
  submitted: number;
  finished: number;
  /** Answered, and without a result that counts. */
  lost: number;
  /** Submissions made twice of one upload, and second results that count. */
  duplicated: number;
  /** Results that are not the full points that each of these submissions earns. */
  wrong: number;
  /** Attempts that students are charged beyond one for each result. */
  charged: number;
  /** Gradings that had to be done again. */
  repeated: number;
}

export async function countAll(sql: Sql, answered: Map<string, string>): Promise<Counts> {
  const ids = [...answered.values()];
  const rows = await sql<{ finished: boolean; finals: number; whole: boolean; repeated: number }[]>`
    select count(*) filter (where a.is_final)::int as finals,
      coalesce(bool_or(a.is_final and a.state = 'finished'), false) as finished,
      coalesce(bool_or(a.is_final and a.score = a.max and a.max = 10000), false) as whole,
      (count(*) - 1)::int as repeated
    from unnest(${ids}::uuid[]) as answered (id)
      left join attempts a on a.subject = answered.id::text
    group by answered.id`;
  const [twice] = await sql<{ n: number }[]>`
    select coalesce(sum(n - 1), 0)::int as n
    from (select count(*) as n from submissions group by idempotency_key having count(*) > 1) as again`;
  const [others] = await sql<
    { n: number }[]
  >`select count(*)::int as n from submissions where id <> all (${ids}::uuid[])`;
  const finished = rows.filter((row) => row.finished).length;
  return {
    submitted: ids.length,
    finished,
    lost: ids.length - finished,
    duplicated: twice!.n + others!.n + rows.reduce((sum, { finals }) => sum + Math.max(0, finals - 1), 0),
    wrong: rows.filter((row) => row.finished && !row.whole).length,
    charged: 0,
    repeated: rows.reduce((sum, row) => sum + row.repeated, 0),
  };
}

/** Attempts that will still change by themselves. */
export async function countOpen(sql: Sql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from attempts where state in ('waiting', 'running')`;
  return row!.n;
}

/** Seconds from each worker's death to the end of each attempt that died with it, sorted. */
export async function findingTimes(sql: Sql, deaths: WorkerDeath[]): Promise<number[]> {
  const times: number[] = [];
  for (const { pid, at: moment } of deaths) {
    const at = moment.toISOString();
    const rows = await sql<{ seconds: number }[]>`
      select extract(epoch from a.finished_at - ${at}::timestamptz)::float8 as seconds
      from attempts a join workers w on w.id = a.worker
      where w.pid = ${pid} and w.started_at < ${at}::timestamptz and a.started_at <= ${at}::timestamptz
        and a.state in ('infrastructure', 'needs_attention') and a.finished_at > ${at}::timestamptz`;
    times.push(...rows.map(({ seconds }) => seconds));
  }
  return times.sort((a, b) => a - b);
}
