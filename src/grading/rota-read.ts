// The queue of devices as it stands: what runs where since when, what waits, and when it will probably begin, by what
// the newest gradings of the same suite took.
import { and, asc, eq, sql } from "drizzle-orm";
import { deviceNeed } from "../judge/suite.ts";
import type { Executor } from "../platform/database.ts";
import { databaseNow } from "../platform/time.ts";
import { spendable, weekBalances } from "./device-budget.ts";
import {
  DEVICE_LANE,
  deviceQueue,
  type FleetDevice,
  listDevices,
  type WaitingForDevice,
} from "./device-queue.ts";
import { slotsOf } from "./priority.ts";
import { mostAtATime } from "./rota.ts";
import { type Planned, type PlannedDevice, planRuns } from "./rota-plan.ts";
import { type Attempt, attempts } from "./tables.ts";

/** So many of a suite's newest runs make its median. */
const MEASURED = 20;
const RUNNING_SHOWN = 500;

export interface Takes {
  /** The median of what runs of its suite took; its time limit where none was measured. */
  seconds: number;
  measured: boolean;
}

export type RotaRun = Pick<Attempt, "id" | "subject" | "team" | "crowd" | "priority"> & {
  startedAt: Date;
  takes: Takes;
  /** Ids of its devices; empty for one that runs on a CPU. */
  devices: string[];
};

export type RotaWait = WaitingForDevice & {
  takes: Takes;
  /** Null: no device fits it, or its team's week is used up. */
  planned: Planned | null;
  spent: boolean;
  /** Everything that its start was reckoned from was measured. */
  measured: boolean;
};

export interface Rota {
  now: Date;
  devices: FleetDevice[];
  running: RotaRun[];
  /** First to last. */
  waiting: RotaWait[];
}

export async function readRota(db: Executor): Promise<Rota> {
  const now = await databaseNow(db);
  const devices = await listDevices(db);
  const order = await deviceQueue(db);
  const begun = await runningForDevices(db);
  const took = await mediansOf(db, [...order, ...begun]);
  const takesOf = ({ suiteHash, suiteConfig }: Pick<Attempt, "suiteHash" | "suiteConfig">): Takes => {
    const seconds = took.get(suiteHash);
    return { seconds: seconds ?? suiteConfig.limits.wall, measured: seconds !== undefined };
  };
  const running = begun.map(({ suiteHash, suiteConfig, startedAt, ...run }) => ({
    ...{ ...run, startedAt: startedAt!, takes: takesOf({ suiteHash, suiteConfig }) },
    devices: devices
      .filter(({ place }) => place.state === "busy" && place.job === run.id)
      .map(({ id }) => id),
  }));
  return { now, devices, running, waiting: await planned(db, { now, devices, running }, order, takesOf) };
}

function runningForDevices(db: Executor) {
  const { id, subject, team, crowd, priority, startedAt, suiteHash, suiteConfig } = attempts;
  return db
    .select({ id, subject, team, crowd, priority, startedAt, suiteHash, suiteConfig })
    .from(attempts)
    .where(and(eq(attempts.state, "running"), eq(attempts.lane, DEVICE_LANE)))
    .orderBy(asc(attempts.startedAt))
    .limit(RUNNING_SHOWN);
}

/** Median seconds of the newest runs of each suite version; without those that ran on a CPU instead. */
async function mediansOf(
  db: Executor,
  rows: readonly Pick<Attempt, "suiteHash">[],
): Promise<Map<string, number>> {
  const hashes = [...new Set(rows.map(({ suiteHash }) => suiteHash))];
  if (hashes.length === 0) return new Map();
  const list = sql.join(
    hashes.map((hash) => sql`${hash}`),
    sql`, `,
  );
  const medians = await db.execute<{ hash: string; median: number | null }>(sql`
    select h.hash, (
      select percentile_cont(0.5) within group (order by newest.seconds)::float8 from (
        select extract(epoch from finished_at - started_at) as seconds from ${attempts}
        where suite_hash = h.hash and lane = 'gpu' and state = 'finished'
          and report->'circumstances'->'gpu' <> 'null'::jsonb
        order by id desc limit ${MEASURED}) newest
    ) as median from unnest(array[${list}]::text[]) h(hash)`);
  return new Map(medians.flatMap(({ hash, median }) => (median === null ? [] : [[hash, median] as const])));
}

async function planned(
  db: Executor,
  { now, devices, running }: Omit<Rota, "waiting">,
  order: readonly WaitingForDevice[],
  takesOf: (entry: WaitingForDevice) => Takes,
): Promise<RotaWait[]> {
  const inRota = devices.filter(({ place }) => place.state !== "out");
  const slots = Math.max(0, ...inRota.map(({ worker }) => worker.teamSlots));
  const leftOf = (run: RotaRun) =>
    Math.max(0, run.takes.seconds - (now.getTime() - run.startedAt.getTime()) / 1000);
  const byDevice = new Map(running.flatMap((run) => run.devices.map((id) => [id, leftOf(run)] as const)));
  const fleet = inRota.map(
    ({ id, vramBytes, mig, worker }): PlannedDevice => ({
      ...{ id, vramBytes, mig, worker: worker.id, freeIn: byDevice.get(id) ?? 0 },
    }),
  );
  const granted = new Map(
    order.flatMap(({ team, weekSeconds }) => (weekSeconds === null ? [] : [[team, weekSeconds] as const])),
  );
  const balances = await weekBalances(db, granted);
  const entries = order.map((entry) => ({ entry, takes: takesOf(entry), spent: isSpent(entry) }));
  function isSpent({ team, weekSeconds }: WaitingForDevice): boolean {
    return weekSeconds !== null && spendable(balances.get(team)!) <= 0;
  }
  const plan = planRuns(
    entries.flatMap(({ entry, takes, spent }) => {
      const need = deviceNeed(entry.suiteConfig);
      const most = mostAtATime(entry.priority, slotsOf(entry.priority, slots), inRota.length);
      return need ? [{ id: entry.id, team: entry.team, need, most, takes: takes.seconds, spent }] : [];
    }),
    fleet,
    running.map((run) => ({ team: run.team, endsIn: leftOf(run) })),
  );
  let measured = running.every(({ takes }) => takes.measured);
  return entries.map(({ entry, takes, spent }) => {
    const wait = { ...entry, takes, spent, measured, planned: plan.get(entry.id) ?? null };
    measured &&= takes.measured;
    return wait;
  });
}
