// Taking work for devices. Unlike the other lanes this one is claimed from the attempts' own rows, under one lock over
// all workers: which device fits, whose turn it is and what a group has left cannot be said by a queue's priority. A
// job's row in pg-boss only wakes workers, and is removed when the attempt begins.
import { and, eq, sql } from "drizzle-orm";
import { deviceNeed } from "../judge/suite.ts";
import { type Executor, type Tx, transaction } from "../platform/database.ts";
import type { Queue } from "../platform/queue.ts";
import { choose, type DeviceNeed, type Offer } from "../sandbox/devices.ts";
import { type ClaimedAttempt, lockTeam, markStarted } from "./attempts.ts";
import { countOf, holdDevice, holdFor, weekBalance } from "./device-budget.ts";
import { countDevices, DEVICE_LANE, deviceQueue, type WaitingForDevice } from "./device-queue.ts";
import { slotsOf } from "./priority.ts";
import { mostAtATime } from "./rota.ts";
import { attempts } from "./tables.ts";

export interface DeviceClaim {
  worker: string;
  teamSlots: number;
  /** This worker's free devices. */
  offers: readonly Offer[];
  /** Free places for what may run without. */
  places: number;
}

/** An attempt to run, with the devices that it is to have; null for one that runs on the CPU. */
export interface DeviceClaimed {
  attempt: ClaimedAttempt;
  need: DeviceNeed | null;
}

/** Takes what is to run next on these devices, or in these places. Null where nobody can begin. */
export async function claimForDevice(
  db: Executor,
  queue: Queue,
  claim: DeviceClaim,
): Promise<DeviceClaimed | null> {
  return transaction(db, async (tx) => {
    await lockRota(tx);
    const order = await deviceQueue(tx);
    if (order.length === 0) return null;
    const situation = { claim, fleet: await countDevices(tx), running: await runningTeams(tx) };
    for (const entry of order) {
      const where = placeFor(entry, situation);
      const claimed = where && (await begin(tx, queue, claim, entry, where));
      if (claimed) return claimed;
    }
    return null;
  });
}

/** Over all workers, for whoever takes from the rota or changes its order. */
export async function lockRota(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('device rota', 0))`);
}

async function runningTeams(tx: Tx): Promise<Map<string, number>> {
  const rows = await tx
    .select({ team: attempts.team, n: sql<number>`count(*)::int` })
    .from(attempts)
    .where(and(eq(attempts.state, "running"), eq(attempts.lane, DEVICE_LANE)))
    .groupBy(attempts.team);
  return new Map(rows.map(({ team, n }) => [team, n]));
}

interface Situation {
  claim: DeviceClaim;
  fleet: number;
  running: Map<string, number>;
}

/** Where it may begin: on devices, on the CPU, or nowhere yet. */
function placeFor(entry: WaitingForDevice, { claim, fleet, running }: Situation): "device" | "cpu" | null {
  const now = running.get(entry.team) ?? 0;
  const slots = slotsOf(entry.priority, claim.teamSlots);
  const need = deviceNeed(entry.suiteConfig);
  const withoutDevice = need === null || (entry.fallback && need.cpu_fallback && fleet === 0);
  if (withoutDevice) return claim.places > 0 && now < slots ? "cpu" : null;
  return now < mostAtATime(entry.priority, slots, fleet) && choose([...claim.offers], need) ? "device" : null;
}

/** Null where the team has no seconds left: it waits for the next week, and others go on. */
async function begin(
  tx: Tx,
  queue: Queue,
  { worker }: DeviceClaim,
  entry: WaitingForDevice,
  where: "device" | "cpu",
): Promise<DeviceClaimed | null> {
  await lockTeam(tx, entry.team);
  const hold = where === "device" ? await affordable(tx, entry) : 0;
  if (hold === null) return null;
  const started = await markStarted(tx, { id: entry.id, worker });
  if (!started) return null;
  await queue.remove(tx, started);
  if (where === "device") await holdDevice(tx, started, hold);
  const need = where === "device" ? deviceNeed(started.suiteConfig) : null;
  return { attempt: started as ClaimedAttempt, need };
}

async function affordable(tx: Tx, entry: WaitingForDevice): Promise<number | null> {
  if (entry.weekSeconds === null) return 0;
  const limit = entry.suiteConfig.limits.wall * countOf(entry);
  return holdFor(await weekBalance(tx, entry.team, entry.weekSeconds), limit);
}
