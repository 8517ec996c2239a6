// What a dashboard wants to know of the engine, in three statements: lanes, workers with what they told, and how long the
// newest attempts waited and ran.
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "../platform/database.ts";
import { type LaneView, listLanes } from "./overview.ts";
import { ALIVE_SECONDS } from "./queries.ts";
import { type Outcome, outcomes } from "./tally.ts";

/** So many newest attempts are measured: enough for a 95th percentile, few enough for every scrape. */
const NEWEST = 500;
const WORKERS_LIMIT = 1000;

const told = z.object({
  busy: z.number().catch(0),
  draining: z.boolean().catch(false),
  ready: z.number().nullable().catch(null),
  suites: z.number().catch(0),
  acquired: z.object({ warm: z.number(), cold: z.number() }).nullable().catch(null),
  tally: z
    .object({
      outcomes: z.partialRecord(z.enum(outcomes as [Outcome, ...Outcome[]]), z.number()),
      seconds: z.number(),
    })
    .nullable()
    .catch(null),
  gpu: z
    .object({ devices: z.array(z.object({ place: z.object({ state: z.string().max(40) }) })) })
    .nullable()
    .catch(null),
});

export interface WorkerMeasures extends z.infer<typeof told> {
  id: string;
  host: string;
  slots: number;
}

export interface LaneTimes {
  lane: string;
  /** Seconds at the quantiles 0.5 and 0.95, from entering the queue to the start. */
  wait: [number, number];
  /** … and from the start to the end. */
  run: [number, number];
}

export interface Measures {
  lanes: LaneView[];
  workers: WorkerMeasures[];
  times: LaneTimes[];
}

export async function measures(db: Executor): Promise<Measures> {
  const workers = await db.execute<{ id: string; host: string; slots: number; detail: unknown }>(sql`
    select id, host, slots, detail from workers
    where seen_at > now() - make_interval(secs => ${ALIVE_SECONDS}::int) order by host, started_at limit ${WORKERS_LIMIT}`);
  return {
    lanes: await listLanes(db),
    workers: [...workers].map(({ detail, ...worker }) => ({ ...worker, ...told.parse(detail) })),
    times: await timesOf(db),
  };
}

async function timesOf(db: Executor): Promise<LaneTimes[]> {
  const quantiles = (of: string) =>
    sql`array[percentile_cont(0.5) within group (order by ${sql.raw(of)}), percentile_cont(0.95) within group (order by ${sql.raw(of)})]`;
  // Ids grow with time (UUID v7), so the newest are at the end of the primary key.
  const rows = await db.execute<{ lane: string; wait: [number, number]; run: [number, number] }>(sql`
    select lane, ${quantiles("wait")} as wait, ${quantiles("run")} as run from (
      select lane, extract(epoch from started_at - created_at)::float8 as wait,
        extract(epoch from finished_at - started_at)::float8 as run
      from attempts where state = 'finished' order by id desc limit ${NEWEST}) newest
    group by lane order by lane`);
  return [...rows];
}
