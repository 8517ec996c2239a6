// Staff move what of their course waits for a GPU: with a reason, noted, undone when it was wrong. Another course's
// places stay as they are (grading/rota.ts).
import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { type CourseAccess, permit, permitSight } from "../courses/access.ts";
import { lockRota } from "../grading/device-claim.ts";
import { deviceOrder } from "../grading/device-queue.ts";
import { aheadFor, type Move, movedOrder, rotaOrder } from "../grading/rota.ts";
import { attempts } from "../grading/tables.ts";
import { type Db, type Executor, type Tx, transaction } from "../platform/database.ts";
import { notify } from "../platform/events.ts";
import { databaseNow } from "../platform/time.ts";
import { fail } from "./errors.ts";
import { type RotaMove, rotaMoves } from "./tables.ts";

const ROTA_MOVES_SHOWN = 10;
export const ROTA_REASON_LIMIT_CHARACTERS = 500;

export interface MoveWish {
  attemptId: string;
  move: Move;
  reason: string;
}

/** @returns its places among the course's own, from 1. @throws not_found, reason_needed, not_in_rota */
export function moveInRota(
  db: Db,
  viewer: Viewer,
  access: CourseAccess,
  { attemptId, move, reason }: MoveWish,
): Promise<{ placeBefore: number; placeAfter: number }> {
  permitSight(viewer, access, "rota.view");
  permit(viewer, access, "rota.move");
  const said = reason.trim();
  if (said === "" || said.length > ROTA_REASON_LIMIT_CHARACTERS) throw fail("reason_needed");
  const courseId = access.course.id;
  return transaction(db, async (tx) => {
    await lockRota(tx);
    const own = (await deviceOrder(tx)).filter(({ crowd }) => crowd === courseId);
    const order = own.map(({ id }) => id);
    if (!order.includes(attemptId)) throw fail("not_in_rota");
    const wanted = movedOrder(order, attemptId, move);
    const fair = rotaOrder(
      own.map((entry) => ({ ...entry, ahead: 0 })),
      await databaseNow(tx),
    );
    const became = aheadFor(
      wanted,
      fair.map(({ id }) => id),
    );
    const ahead = Object.fromEntries(
      own.flatMap(({ id, ahead: was }) => (was === became.get(id) ? [] : [[id, [was, became.get(id)!]]])),
    ) as RotaMove["ahead"];
    const places = { placeBefore: order.indexOf(attemptId) + 1, placeAfter: wanted.indexOf(attemptId) + 1 };
    if (places.placeBefore === places.placeAfter) return places;
    await setAhead(
      tx,
      Object.entries(ahead).map(([id, [from, to]]) => ({ id, from, to })),
    );
    await tx
      .insert(rotaMoves)
      .values({ courseId, attemptId, ...places, ahead, reason: said, madeBy: viewer.id });
    await audit(tx, {
      ...{ actorId: viewer.id, action: "rota.moved", courseId },
      subject: { kind: "attempt", id: attemptId },
      detail: { ...places, reason: said },
    });
    return places;
  });
}

/** Puts back what the newest move changed, of what still waits. @throws not_found, nothing_to_undo */
export function undoMove(db: Db, viewer: Viewer, access: CourseAccess): Promise<void> {
  permitSight(viewer, access, "rota.view");
  permit(viewer, access, "rota.move");
  const courseId = access.course.id;
  return transaction(db, async (tx) => {
    await lockRota(tx);
    const [newest] = await tx
      .select()
      .from(rotaMoves)
      .where(and(eq(rotaMoves.courseId, courseId), isNull(rotaMoves.undoneAt)))
      .orderBy(desc(rotaMoves.id))
      .limit(1);
    const put = Object.entries(newest?.ahead ?? {}).map(([id, [was, became]]) => ({
      ...{ id, from: became, to: was },
    }));
    if (!newest || (await setAhead(tx, put)) === 0) throw fail("nothing_to_undo");
    await tx
      .update(rotaMoves)
      .set({ undoneBy: viewer.id, undoneAt: sql`now()` })
      .where(eq(rotaMoves.id, newest.id));
    await audit(tx, {
      ...{ actorId: viewer.id, action: "rota.move_undone", courseId },
      subject: { kind: "attempt", id: newest.attemptId },
      detail: { places: [newest.placeBefore, newest.placeAfter], reason: newest.reason },
    });
  });
}

/** Of those that still wait and stand as they are thought to. @returns how many */
async function setAhead(tx: Tx, changes: { id: string; from: number; to: number }[]): Promise<number> {
  let changed = 0;
  for (const { id, from, to } of changes) {
    const [row] = await tx
      .update(attempts)
      .set({ ahead: to })
      .where(and(eq(attempts.id, id), eq(attempts.state, "waiting"), eq(attempts.ahead, from)))
      .returning({ id: attempts.id });
    if (!row) continue;
    changed++;
    await notify(tx, "attempt_changed", id);
  }
  return changed;
}

export interface MoveMade extends Omit<RotaMove, "ahead"> {
  by: string;
  /** The newest that was not undone: it can be, while something of it waits. */
  undoable: boolean;
}

/** A course's newest moves. */
export async function listMoves(db: Executor, { course }: CourseAccess): Promise<MoveMade[]> {
  const rows = await db
    .select({ move: rotaMoves, by: people.name })
    .from(rotaMoves)
    .innerJoin(people, eq(people.id, rotaMoves.madeBy))
    .where(eq(rotaMoves.courseId, course.id))
    .orderBy(desc(rotaMoves.id))
    .limit(ROTA_MOVES_SHOWN);
  const newest = rows.find(({ move }) => move.undoneAt === null);
  const moved = Object.keys(newest?.move.ahead ?? {});
  const left = and(eq(attempts.state, "waiting"), inArray(attempts.id, moved));
  const waits = moved.length > 0 && (await db.$count(attempts, left)) > 0;
  return rows.map(({ move: { ahead: _, ...move }, by }) => ({
    ...{ ...move, by },
    undoable: waits && move.id === newest?.move.id,
  }));
}
