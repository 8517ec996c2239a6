// What a worker says and hears every two seconds, in one statement: that it lives, whether it leads, whether another
// worker is gone, and whether there is news that a notification should have brought. So an idle worker asks the
// database nothing else.
import { sql } from "drizzle-orm";
import type { Executor } from "../platform/database.ts";
import { attempts, workers } from "./tables.ts";

export const PULSE_MS = 2000;
/** One pulse and a half. A slow pulse makes two leaders, which does no harm. */
const LEADS_SECONDS = 3;

/** Four pulses of a living worker: then it is dead. Sooner than pg-boss looks, and also where its tables were emptied. */
export const UNTOUCHED_SECONDS = 8;
export const untouched = sql`${attempts.state} = 'running'
  and ${attempts.touchedAt} < now() - make_interval(secs => ${UNTOUCHED_SECONDS}::int)`;

export interface PulseOf {
  id: string;
  host: string;
  pid: number;
  lanes: string[];
  slots: number;
  detail: Record<string, unknown>;
}

export interface Pulse {
  /** One of the living workers does what is to be done once; several at a time do no harm. */
  leads: boolean;
  /** An attempt of its lanes waits. */
  waiting: boolean;
  /** An attempt's end is not announced yet. */
  unannounced: boolean;
  /** A running attempt that nobody touches any more. */
  abandoned: boolean;
}

export async function pulse(db: Executor, { id, host, pid, lanes, slots, detail }: PulseOf): Promise<Pulse> {
  const names = sql`array[${sql.join(
    lanes.map((lane) => sql`${lane}`),
    sql`, `,
  )}]::text[]`;
  const [heard] = await db.execute<{ first: string } & Omit<Pulse, "leads">>(sql`
    with seen as (
      insert into ${workers} (id, host, pid, lanes, slots, detail)
      values (${id}, ${host}, ${pid}, ${names}, ${slots}, ${JSON.stringify(detail)}::jsonb)
      on conflict (id) do update set detail = excluded.detail, seen_at = now()
    )
    select
      (select min(${workers.id}::text) from ${workers}
        where ${workers.seenAt} > now() - make_interval(secs => ${LEADS_SECONDS}::int)) as first,
      exists (select from ${attempts}
        where ${attempts.state} = 'waiting' and ${attempts.lane} = any(${names})) as waiting,
      exists (select from ${attempts} where ${attempts.announcedAt} is null
        and ${attempts.state} in ('finished', 'needs_attention')) as unannounced,
      exists (select from ${attempts} where ${untouched}) as abandoned`);
  const { first = null, waiting = false, unannounced = false, abandoned = false } = heard ?? {};
  // The statement sees the rows as they were before it: its own may not be among them yet.
  return { leads: first === null || id <= first, waiting, unannounced, abandoned };
}
