// What puts right what a killed process or an emptied queue left behind. Any number of workers may sweep at once.
import { asc, desc, eq } from "drizzle-orm";
import { type Db, transaction } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import type { Queue } from "../platform/queue.ts";
import { failInfrastructure, findAttempt, lockTeam, redispatch, runningOf } from "./attempts.ts";
import { slotsOf } from "./priority.ts";
import { untouched } from "./pulse.ts";
import { attempts } from "./tables.ts";

export interface Swept {
  /** Attempts whose worker is gone. */
  abandoned: number;
  /** Waiting attempts that had no job. */
  sent: number;
}

/** Looks once for everything that waits for a worker or a job that will not come. */
export async function sweep(
  db: Db,
  queue: Queue,
  options: { teamSlots: number; log: Logger },
): Promise<Swept> {
  const closed = await closeAbandoned(db, queue);
  await queue.repair();
  const abandoned = closed + (await takeDeadLetters(db, queue));
  const sent = await sendMissing(db, queue, options.teamSlots);
  if (abandoned + sent > 0) options.log.info({ abandoned, sent }, "swept");
  return { abandoned, sent };
}

/** Jobs whose worker stopped touching them. One that never began is only sent again: that is no fault. */
function takeDeadLetters(db: Db, queue: Queue): Promise<number> {
  return queue.takeDead(db, async (tx, { id }) => {
    const attempt = await findAttempt(tx, id);
    if (attempt?.state === "running" && attempt.token)
      await failInfrastructure(tx, queue, attempt.token, GONE, true);
  });
}

const GONE = "its worker stopped answering";

/** Running attempts that no worker has touched for so long. */
export async function closeAbandoned(db: Db, queue: Queue): Promise<number> {
  const abandoned = await db.select({ token: attempts.token }).from(attempts).where(untouched);
  let closed = 0;
  for (const { token } of abandoned) {
    if (token && (await failInfrastructure(db, queue, token, GONE, true))) closed++;
  }
  return closed;
}

/** More waiting attempts than this are looked at in the next rounds, when the oldest are done. */
const LOOKED_AT = 5000;

/** Sends waiting attempts that no job will ever bring to a worker; those that their team's cap holds back stay. */
async function sendMissing(db: Db, queue: Queue, teamSlots: number): Promise<number> {
  const { id, lane, team, priority } = attempts;
  const waiting = await db
    .select({ id, lane, team, priority })
    .from(attempts)
    .where(eq(attempts.state, "waiting"))
    .orderBy(desc(priority), asc(id))
    .limit(LOOKED_AT);
  const missing = new Set(await queue.withoutJob(db, waiting));
  // A team whose places are spoken for is not asked again for each of its thousand others.
  const taken = new Map<string, number>();
  for (const { id, team } of waiting) if (!missing.has(id)) taken.set(team, (taken.get(team) ?? 0) + 1);
  let sent = 0;
  for (const lost of waiting.filter((attempt) => missing.has(attempt.id))) {
    const places = slotsOf(lost.priority, teamSlots);
    if ((taken.get(lost.team) ?? 0) >= places) continue;
    const outcome = await sendLost(db, queue, lost, places);
    if (outcome === "sent") sent++;
    taken.set(lost.team, outcome === "full" ? places : (taken.get(lost.team) ?? 0) + 1);
  }
  return sent;
}

function sendLost(
  db: Db,
  queue: Queue,
  lost: { id: string; team: string },
  places: number,
): Promise<"sent" | "full" | "found"> {
  return transaction(db, async (tx) => {
    await lockTeam(tx, lost.team);
    const attempt = await findAttempt(tx, lost.id);
    // All of it again under the lock: another sweeper, or the end of a grading, may have been faster.
    if (attempt?.state !== "waiting" || (await queue.withoutJob(tx, [attempt])).length === 0) return "found";
    if ((await runningOf(tx, lost.team)) >= places) return "full";
    await redispatch(tx, queue, attempt);
    return "sent";
  });
}
