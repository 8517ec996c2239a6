// Late days of people: what is left, what a late submission costs, charges and refunds. Written in the transaction
// that makes them true; whoever changes a balance holds the person's lock.
import { and, eq, inArray, ne, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { daysLate, latePolicyOf } from "../assignments/dates.ts";
import { lateDayBudgets } from "../assignments/tables.ts";
import { attempts } from "../grading/tables.ts";
import type { Executor, Tx } from "../platform/database.ts";
import { type Charge, chargesFor, lateDaysLeft, lateDaysSpent, refundFor } from "../scoring/late-days.ts";
import { latePercent, lateSeconds } from "../scoring/lateness.ts";
import { ofCountingRun } from "./counting-run.ts";
import { hasMember } from "./members.ts";
import { type LateDayRow, lateDayEntries, type Submission, submissions } from "./tables.ts";
import { timingsFor } from "./timing.ts";

/** What handing in at a moment costs: said before it is spent. */
export interface LateQuote {
  days: number;
  /** After due and grace. */
  seconds: number;
  work: string;
  /** Percent of the points that no late day pays for. */
  percent: number;
  /** The viewer's own: to be spent now, and what they have. */
  charge: number;
  left: number;
  /** Days that late days pay for in all. */
  covered: number;
  /** Of the others who hand it in: whoever has none left. */
  without: string[];
  charges: Charge[];
  /** Whether it costs anything at all. */
  costs: boolean;
}

/** Null where it would be on time. */
export async function quoteLateness(
  db: Executor,
  viewer: Pick<Viewer, "id">,
  { course, assignment }: AssignmentAccess,
  at: Date,
  payers: string[] = [viewer.id],
): Promise<LateQuote | null> {
  const timings = await timingsFor(db, assignment, payers);
  const { due } = timings.of(viewer.id);
  const days = daysLate(assignment, due, at);
  if (days === 0 || !due) return null;
  const work = assignment.workKind;
  const left = await daysLeft(db, course.id, work, payers);
  const parties = payers.map((id) => ({ id, left: left.get(id) ?? 0, spent: timings.of(id).spent }));
  const charges = chargesFor(assignment.groupLateRule, parties, days, assignment.lateDaysMost);
  const mine = charges.find(({ id }) => id === viewer.id)!;
  const percent = latePercent(latePolicyOf(assignment), days, mine.covered);
  const poor = parties.filter((one) => one.id !== viewer.id && one.left <= 0).map(({ id }) => id);
  return {
    days,
    seconds: Math.floor(lateSeconds(due, at, assignment.graceSeconds)),
    work,
    percent,
    charge: mine.days,
    left: Math.max(0, left.get(viewer.id) ?? 0),
    covered: mine.covered,
    without: await namesOf(db, poor),
    charges,
    costs: percent > 0 || charges.some((one) => one.days > 0),
  };
}

async function namesOf(db: Executor, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db.select({ name: people.name }).from(people).where(inArray(people.id, ids));
  return rows.map(({ name }) => name);
}

/** What each of these has of a kind of work: budget and entries. */
export async function daysLeft(
  db: Executor,
  courseId: string,
  work: string,
  personIds: string[],
): Promise<Map<string, number>> {
  const [budget] = await db
    .select({ days: lateDayBudgets.days })
    .from(lateDayBudgets)
    .where(and(eq(lateDayBudgets.courseId, courseId), eq(lateDayBudgets.kind, work)));
  const rows = await db
    .select()
    .from(lateDayEntries)
    .where(
      and(
        eq(lateDayEntries.courseId, courseId),
        eq(lateDayEntries.work, work),
        inArray(lateDayEntries.personId, personIds),
      ),
    );
  const entries = Map.groupBy(rows, ({ personId }) => personId);
  return new Map(personIds.map((id) => [id, lateDaysLeft(budget?.days ?? 0, entries.get(id) ?? [])]));
}

/** One at a time for a person's late days in a course; several people in one order, so that nobody waits in a ring. */
export async function lockLateDays(tx: Tx, courseId: string, personIds: string[]): Promise<void> {
  for (const id of [...personIds].sort()) {
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`late-days:${courseId}:${id}`}, 0))`,
    );
  }
}

/** Spends what a quote said, under the lock that it was made under. */
export async function chargeLateDays(
  tx: Tx,
  { course, assignment }: AssignmentAccess,
  submission: Submission,
  quote: LateQuote,
): Promise<void> {
  const rows = quote.charges
    .filter(({ days }) => days > 0)
    .map(({ id, days }) => ({
      courseId: course.id,
      personId: id,
      work: quote.work,
      kind: "charge" as const,
      days,
      assignmentId: assignment.id,
      submissionId: submission.id,
    }));
  if (rows.length > 0) await tx.insert(lateDayEntries).values(rows);
}

/**
 * Gives back what is no longer needed: after a submission was taken back, after an extension. What a person has spent
 * on the assignment and no submission of theirs is late by any more comes back.
 */
export async function settleLateDays(
  tx: Tx,
  { course, assignment }: Pick<AssignmentAccess, "course" | "assignment">,
  personId: string,
  reason: string,
  madeBy: string | null,
): Promise<number> {
  await lockLateDays(tx, course.id, [personId]);
  const mine = and(eq(lateDayEntries.assignmentId, assignment.id), eq(lateDayEntries.personId, personId));
  const entries: LateDayRow[] = await tx.select().from(lateDayEntries).where(mine);
  const spent = lateDaysSpent(entries);
  if (spent === 0) return 0;
  const unneeded = refundFor(spent, await daysNeeded(tx, assignment, personId));
  const back = Math.max(0, unneeded - givenBack(entries));
  if (back === 0) return 0;
  const work = entries[0]!.work;
  await tx.insert(lateDayEntries).values({
    courseId: course.id,
    personId,
    work,
    kind: "refund",
    days: back,
    assignmentId: assignment.id,
    reason,
    madeBy,
  });
  await audit(tx, {
    actorId: madeBy,
    action: "late_days.refunded",
    courseId: course.id,
    subject: { kind: "person", id: personId },
    detail: { assignment: assignment.id, days: back, reason },
  });
  return back;
}

/**
 * Gives each member's days for a submission to them anew: it was late by a fault of ours. What was spent stays spent,
 * so that the lateness stays paid for; what was given back here is not given back once more when the book is settled.
 */
export async function giveBackCharges(
  tx: Tx,
  { course, assignment }: Pick<AssignmentAccess, "course" | "assignment">,
  submissionId: string,
  reason: string,
  madeBy: string,
): Promise<void> {
  const isCharge = and(eq(lateDayEntries.submissionId, submissionId), eq(lateDayEntries.kind, "charge"));
  const charged = await tx.select().from(lateDayEntries).where(isCharge);
  const payers = charged.map(({ personId }) => personId);
  await lockLateDays(tx, course.id, payers);
  for (const { personId, work } of charged) {
    const mine = and(eq(lateDayEntries.assignmentId, assignment.id), eq(lateDayEntries.personId, personId));
    const entries = await tx.select().from(lateDayEntries).where(mine);
    // All that is still spent on the assignment: an earlier one may have paid for a part of this one's lateness.
    const days = lateDaysSpent(entries) - givenBack(entries);
    if (days <= 0) continue;
    const row = { courseId: course.id, personId, work, kind: "grant" as const, days, reason, madeBy };
    await tx.insert(lateDayEntries).values({ ...row, assignmentId: assignment.id, submissionId });
    const subject = { kind: "person", id: personId };
    const detail = { assignment: assignment.id, submission: submissionId, days, reason };
    await audit(tx, {
      actorId: madeBy,
      action: "late_days.given_back",
      courseId: course.id,
      subject,
      detail,
    });
  }
}

/** Days that a fault of ours gave back: grants that name a submission. */
const givenBack = (entries: readonly LateDayRow[]): number =>
  entries.reduce((sum, { kind, submissionId, days }) => {
    return kind === "grant" && submissionId !== null ? sum + days : sum;
  }, 0);

/** The most that any submission of theirs which was not taken back is late, by the dates as they are now. */
async function daysNeeded(tx: Tx, assignment: AssignmentAccess["assignment"], personId: string) {
  const rows = await tx
    .selectDistinct({ id: submissions.id, receivedAt: submissions.receivedAt })
    .from(submissions)
    .innerJoin(attempts, ofCountingRun())
    .where(
      and(
        eq(submissions.assignmentId, assignment.id),
        // A group's work is late for each of its members, whoever pressed the button.
        hasMember(personId),
        ne(attempts.state, "cancelled"),
      ),
    );
  const { due } = (await timingsFor(tx, assignment, [personId])).of(personId);
  const most = assignment.lateDaysMost ?? Number.POSITIVE_INFINITY;
  return Math.min(most, Math.max(0, ...rows.map(({ receivedAt }) => daysLate(assignment, due, receivedAt))));
}
