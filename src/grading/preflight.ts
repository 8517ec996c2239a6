// The end of a preflight: the same attempt goes on to wait for a device, or it ends without having cost anything. It is
// graded on a CPU in the lane of everybody, so a full queue for devices delays it by nothing.
import { eq, sql } from "drizzle-orm";
import type { Report } from "../judge/report.ts";
import { type Executor, type Tx, transaction } from "../platform/database.ts";
import { notify } from "../platform/events.ts";
import type { Queue } from "../platform/queue.ts";
import { afterEnd, holdRunning, redispatch, stillHeld } from "./attempts.ts";
import { DEVICE_LANE } from "./device-queue.ts";
import { Places } from "./places.ts";
import { writeResults } from "./results.ts";
import { nextState } from "./states.ts";
import { storable } from "./storable.ts";
import { type Attempt, attempts } from "./tables.ts";

/** A preflight that went well; its tests give no points, so each has to pass. */
export const preflightPassed = ({ tests }: Pick<Report, "tests">): boolean =>
  tests.every(({ verdict }) => verdict === "passed");

/** Whether an attempt ended at its preflight: its results say why, and nothing of it counts. */
export const endedAtPreflight = ({ state, options }: Pick<Attempt, "state" | "options">): boolean =>
  state === "cancelled" && options.preflight === true;

/** @returns false when the token no longer counts; then nothing was written. */
export function endPreflight(db: Executor, queue: Queue, token: string, report: Report): Promise<boolean> {
  return transaction(db, async (tx) => {
    const held = await holdRunning(tx, token);
    if (!held) return false;
    await queue.remove(tx, held);
    if (preflightPassed(report)) await passOn(tx, queue, held);
    else await refuse(tx, held, token, report);
    await afterEnd(tx, queue, held);
    return true;
  });
}

/** It waits anew, in the other queue, with the age that it has. */
async function passOn(tx: Tx, queue: Queue, held: Attempt): Promise<void> {
  const { preflight: _, ...options } = held.options;
  const state = nextState(held.state, { type: "passed_on" });
  if (!state) return;
  const [waiting] = await tx
    .update(attempts)
    .set({ state, options, lane: DEVICE_LANE, token: null, worker: null, startedAt: null, touchedAt: null })
    .where(eq(attempts.id, held.id))
    .returning();
  await redispatch(tx, queue, waiting!);
}

async function refuse(tx: Tx, held: Attempt, token: string, report: Report): Promise<void> {
  const { tests, ...stored } = storable(report);
  const state = nextState(held.state, { type: "refused" });
  if (!state) return;
  await tx.update(attempts).set({ state, report: stored, finishedAt: sql`now()` }).where(stillHeld(token));
  const places = new Places();
  const placed = tests.map((result) => ({ position: places.of(result), result }));
  await writeResults(tx, { id: held.id, rules: null }, placed);
  await notify(tx, "attempt_changed", held.id);
}
