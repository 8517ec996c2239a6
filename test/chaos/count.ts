// What came of it, counted in the database after everything has settled: by our own SQL, not by the product's reads.
import type { Sql } from "postgres";
import type { Absence, WorkerDeath } from "./kills.ts";

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

/**
 * Seconds from each worker's death to the end of each attempt that died with it, sorted. Where the database was away
 * in between, that time is not counted: there was nothing to look into.
 */
export async function findingTimes(sql: Sql, deaths: WorkerDeath[], absences: Absence[]): Promise<number[]> {
  const times: number[] = [];
  for (const { pid, at } of deaths) {
    const died = at.toISOString();
    const rows = await sql<{ ended: number }[]>`
      select extract(epoch from a.finished_at)::float8 * 1000 as ended
      from attempts a join workers w on w.id = a.worker
      where w.pid = ${pid} and w.started_at < ${died}::timestamptz and a.started_at <= ${died}::timestamptz
        and a.state in ('infrastructure', 'needs_attention') and a.finished_at > ${died}::timestamptz`;
    times.push(
      ...rows.map(({ ended }) => (ended - at.getTime() - awayWithin(absences, at.getTime(), ended)) / 1000),
    );
  }
  return times.sort((a, b) => a - b);
}

function awayWithin(absences: Absence[], from: number, until: number): number {
  return absences.reduce((sum, absence) => {
    const [began, ended] = [Math.max(from, absence.from.getTime()), Math.min(until, absence.until.getTime())];
    return sum + Math.max(0, ended - began);
  }, 0);
}
