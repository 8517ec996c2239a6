// What a worker says and hears every two seconds, in one statement: that it lives, whether it leads, and whether
// there is news that a notification should have brought. So an idle worker asks the database nothing else.
import { sql } from "drizzle-orm";
import type { Executor } from "../platform/database.ts";
import { attempts, workers } from "./tables.ts";

export const PULSE_MS = 2000;
/**
 * One pulse and a half: where leaders die one after the other, each adds so much to the time in which nobody looks for
 * the dead. A slow pulse makes two of them, which does no harm.
 */
const LEADS_SECONDS = 3;

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
}

export async function pulse(db: Executor, { id, host, pid, lanes, slots, detail }: PulseOf): Promise<Pulse> {
  const names = sql`array[${sql.join(
    lanes.map((lane) => sql`${lane}`),
    sql`, `,
  )}]::text[]`;
  const [heard] = await db.execute<{ first: string; waiting: boolean; unannounced: boolean }>(sql`
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
        and ${attempts.state} in ('finished', 'needs_attention')) as unannounced`);
  const { first = null, waiting = false, unannounced = false } = heard ?? {};
  // The statement sees the rows as they were before it: its own may not be among them yet.
  return { leads: first === null || id <= first, waiting, unannounced };
}
