// Points on their way to platforms. What is to be there is what its student may see here, no more: before publication,
// or while somebody is held back, nothing; what was sent and is closed again is taken back. It is reckoned at each
// round, and once more of one person right before anything of theirs leaves.
import { and, asc, eq, inArray, isNotNull, lte, ne, sql } from "drizzle-orm";
import { accounts } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { type Assignment, assignments } from "../assignments/tables.ts";
import { permit } from "../courses/access.ts";
import { roster } from "../courses/tables.ts";
import { type Column, maxOf } from "../gradebook/gradebook.ts";
import { releasedPoints } from "../gradebook/released.ts";
import { standings } from "../gradebook/standings.ts";
import { type Db, type Executor, type Tx, transaction } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import type { Launch } from "./launch.ts";
import { issuerOf } from "./platforms.ts";
import { openPlatform, PlatformFault, type PlatformSession } from "./service.ts";
import { type LmsLink, type LmsScore, lmsLinks, lmsPlatforms, lmsScores } from "./tables.ts";

const SCORES_AT_ONCE = 50;
const LINKS_AT_ONCE = 500;
/** A platform that is away is asked again after 1, 2, 4 … minutes, for about three days. */
const TRIES = 16;
const LONGEST_PAUSE_MINUTES = 6 * 60;
const ROUND_MS = 10_000;
const RECKON_EVERY_ROUNDS = 3;
/** Any number that nobody else locks: one server reckons at a time. */
const RECKON_LOCK = 7_461_830_023;

type OpenLink = LmsLink & { lineItem: string };

/** Notes what has changed since it was sent. @returns how many wait because of it */
export function reckonScores(db: Db): Promise<number> {
  return transaction(db, async (tx) => {
    const [lock] = await tx.execute<{ got: boolean }>(
      sql`select pg_try_advisory_xact_lock(${RECKON_LOCK}) as got`,
    );
    if (!lock?.got) return 0;
    const links = await tx
      .select()
      .from(lmsLinks)
      .where(isNotNull(lmsLinks.lineItem))
      .orderBy(asc(lmsLinks.id))
      .limit(LINKS_AT_ONCE);
    let noted = 0;
    for (const link of links) noted += await reckonLink(tx, link as OpenLink);
    return noted;
  });
}

async function reckonLink(tx: Tx, link: OpenLink): Promise<number> {
  const students = await studentsOf(tx, link);
  const known = await tx.select().from(lmsScores).where(eq(lmsScores.linkId, link.id));
  const rows = new Map(known.map((row) => [row.personId, row]));
  const people = [...new Set([...students, ...rows.keys()])];
  const wanted = await wantedOf(tx, link, people);
  const changed = people.flatMap((personId) => {
    const now = wanted(personId);
    const row = rows.get(personId);
    if (row ? row.points === now.points && row.max === now.max : now.points === null) return [];
    return [{ linkId: link.id, personId, ...now, state: "waiting" as const }];
  });
  if (changed.length === 0) return 0;
  await tx
    .insert(lmsScores)
    .values(changed)
    .onConflictDoUpdate({
      target: [lmsScores.linkId, lmsScores.personId],
      set: {
        points: sql`excluded.points`,
        max: sql`excluded.max`,
        state: "waiting",
        tries: 0,
        nextAt: sql`now()`,
      },
    });
  return changed.length;
}

/** Those on the roster whom the platform has sent here: of nobody else do we know what it calls them. */
async function studentsOf(db: Executor, link: LmsLink): Promise<string[]> {
  const rows = await db
    .select({ personId: roster.personId })
    .from(roster)
    .innerJoin(
      assignments,
      and(eq(assignments.id, link.assignmentId), eq(assignments.courseId, roster.courseId)),
    )
    .innerJoin(
      accounts,
      and(eq(accounts.personId, roster.personId), eq(accounts.providerId, issuerOf({ id: link.platformId }))),
    )
    .where(eq(roster.role, "student"));
  return rows.map(({ personId }) => personId);
}

/** By person: their points as they may see them now, null where they may see none. */
async function wantedOf(db: Executor, link: LmsLink, personIds: string[]) {
  const [assignment] = await db.select().from(assignments).where(eq(assignments.id, link.assignmentId));
  const max = await maxOf(db, assignment!);
  const column: Column = { assignment: assignment!, max, weight: null };
  const found = await standings(db, [assignment!], personIds);
  const rows = found.map((standing) => ({
    ...{ personId: standing.personId, name: "", email: "", studentNumber: null, section: null },
    ...{ cells: [standing], total: { points: 0, max: 0 } },
  }));
  const released = await releasedPoints(db, [column], rows);
  return (personId: string) => ({
    points: released.get(`${personId} ${link.assignmentId}`)?.total ?? null,
    max,
  });
}

/** Sends what waits and is due. @returns how many arrived */
export async function sendScores(db: Db, log: Logger): Promise<number> {
  const sessions = new Map<string, PlatformSession>();
  let sent = 0;
  for (let i = 0; i < SCORES_AT_ONCE; i++) {
    const next = await transaction(db, (tx) => sendOne(db, tx, sessions, log));
    if (next === null) break;
    if (next) sent += 1;
  }
  return sent;
}

/** A row is held by whoever sends it; a crash in between sends it again, which changes nothing there. */
async function sendOne(
  db: Db,
  tx: Tx,
  sessions: Map<string, PlatformSession>,
  log: Logger,
): Promise<boolean | null> {
  const [found] = await tx
    .select({
      row: lmsScores,
      link: lmsLinks,
      platform: lmsPlatforms,
      subject: accounts.accountId,
      at: sql<string>`now()`,
    })
    .from(lmsScores)
    .innerJoin(lmsLinks, eq(lmsLinks.id, lmsScores.linkId))
    .innerJoin(lmsPlatforms, eq(lmsPlatforms.id, lmsLinks.platformId))
    .leftJoin(
      accounts,
      and(
        eq(accounts.personId, lmsScores.personId),
        sql`${accounts.providerId} = 'lti:' || ${lmsPlatforms.id}`,
      ),
    )
    .where(and(eq(lmsScores.state, "waiting"), lte(lmsScores.nextAt, sql`now()`)))
    .orderBy(asc(lmsScores.nextAt))
    .limit(1)
    .for("update", { of: lmsScores, skipLocked: true });
  if (!found) return null;
  const { row, link, platform, subject, at } = found;
  // Somebody may have been held back since it was reckoned.
  const { points, max } = (await wantedOf(tx, link, [row.personId]))(row.personId);
  const session = sessions.get(platform.id) ?? openPlatform(db, platform);
  sessions.set(platform.id, session);
  const neverSent = points === null && row.sentAt === null;
  try {
    if (!neverSent && subject !== null && link.lineItem !== null)
      await session.sendScore(link.lineItem, { subject, points, max, at: new Date(at) });
    await put(tx, row, {
      points,
      max,
      state: "sent",
      tries: 0,
      fault: null,
      ...(!neverSent && { sentAt: new Date(at) }),
    });
    return true;
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    // A token may have ended; the next one asks anew.
    sessions.delete(platform.id);
    log.warn({ err: error, platform: platform.name }, "points could not be sent");
    const tries = row.tries + 1;
    const state = error.refused || tries >= TRIES ? "failed" : "waiting";
    const minutes = Math.min(2 ** row.tries, LONGEST_PAUSE_MINUTES);
    const nextAt = sql`now() + make_interval(mins => ${minutes})` as never;
    await put(tx, row, { points, max, state, tries, nextAt, fault: error.message.slice(0, 500) });
    return false;
  }
}

const put = (tx: Tx, row: LmsScore, set: Partial<LmsScore>) =>
  tx
    .update(lmsScores)
    .set(set)
    .where(and(eq(lmsScores.linkId, row.linkId), eq(lmsScores.personId, row.personId)));

/** The column for an assignment's points: the launch's own, else one that is made there, else none. */
export async function columnFor(db: Db, assignment: Assignment, launch: Launch): Promise<string | null> {
  const { lineItem, lineItems, link } = launch.facts;
  if (lineItem !== null || lineItems === null) return lineItem;
  const column = {
    title: assignment.title.en,
    max: await maxOf(db, assignment),
    resourceId: link.id,
    tag: assignment.id,
  };
  return openPlatform(db, launch.platform).makeColumn(lineItems, column);
}

/** Tries again what was given up, for one assignment. @returns how many */
export async function retryScores(db: Executor, viewer: Viewer, access: AssignmentAccess): Promise<number> {
  permit(viewer, access, "assignment.edit");
  const assignmentId = access.assignment.id;
  const links = db.select({ id: lmsLinks.id }).from(lmsLinks).where(eq(lmsLinks.assignmentId, assignmentId));
  const rows = await db
    .update(lmsScores)
    .set({ state: "waiting", tries: 0, nextAt: sql`now()` })
    .where(and(eq(lmsScores.state, "failed"), inArray(lmsScores.linkId, links)))
    .returning({ personId: lmsScores.personId });
  return rows.length;
}

export interface ScoreCounts {
  platform: string;
  sent: number;
  waiting: number;
  failed: number;
  fault: string | null;
}

/** Of one assignment, by platform; null where no link leads to it. For staff. */
export async function scoreCounts(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
): Promise<ScoreCounts[]> {
  permit(viewer, access, "gradebook.view");
  const assignmentId = access.assignment.id;
  const count = (state: string) => sql<number>`(count(*) filter (where ${lmsScores.state} = ${state}))::int`;
  return db
    .select({
      platform: lmsPlatforms.name,
      ...{ sent: count("sent"), waiting: count("waiting"), failed: count("failed") },
      fault: sql<string | null>`max(${lmsScores.fault})`,
    })
    .from(lmsLinks)
    .innerJoin(lmsPlatforms, eq(lmsPlatforms.id, lmsLinks.platformId))
    .leftJoin(lmsScores, eq(lmsScores.linkId, lmsLinks.id))
    .where(and(eq(lmsLinks.assignmentId, assignmentId), ne(sql`coalesce(${lmsLinks.lineItem}, '')`, "")))
    .groupBy(lmsPlatforms.name);
}

/** Until the returned function is called, which waits for the round under way. */
export function startScores(db: Db, log: Logger): () => Promise<void> {
  let rounds = 0;
  let stopped = false;
  let under: Promise<unknown> = Promise.resolve();
  const round = async () => {
    if (stopped) return;
    if (rounds++ % RECKON_EVERY_ROUNDS === 0) await reckonScores(db);
    await sendScores(db, log);
  };
  const timer = setInterval(() => {
    under = under.then(round).catch((error) => log.error({ err: error }, "points for platforms failed"));
  }, ROUND_MS);
  return async () => {
    stopped = true;
    clearInterval(timer);
    await under;
  };
}
