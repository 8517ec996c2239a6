// What each member of a group says their part was, where an assignment asks for it. One's own may be changed as long as
// work is taken; the others' are seen where the assignment lets the group see them. No points follow from it by itself.
import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { people } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { type AssignmentAccess, dueDates } from "../assignments/assignments.ts";
import { type Acceptance, acceptanceOf } from "../assignments/dates.ts";
import type { Assignment, ContributionSetting } from "../assignments/tables.ts";
import { permit, permitSight } from "../courses/access.ts";
import { groupMembers } from "../courses/tables.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import { databaseNow } from "../platform/time.ts";
import { fail } from "./errors.ts";
import type { SubmissionAccess } from "./submissions.ts";
import { type ContributionStatement, contributionStatements } from "./tables.ts";

export const STATEMENT_LIMIT_CHARACTERS = 4000;

export type StatementState = "none" | "open" | "over";

/** Whether somebody may state their part now: `over` shows what was said and takes no more. Pure. */
export function statementState(
  { contributions, groupSetId }: Pick<Assignment, "contributions" | "groupSetId">,
  acceptance: Acceptance,
): StatementState {
  if (contributions === "off" || groupSetId === null) return "none";
  return acceptance === "open" ? "open" : "over";
}

/** Whose statements a member sees: their own, and the others' where the assignment says so. Pure. */
export function seenBy(setting: ContributionSetting, viewerId: string, members: readonly string[]): string[] {
  if (setting === "off") return [];
  return members.filter((id) => id === viewerId || setting === "group");
}

export interface Statement {
  personId: string;
  name: string;
  /** Null: nothing was said. */
  text: string | null;
  share: number | null;
  statedAt: Date | null;
}

export interface OwnStatements {
  state: StatementState;
  own: ContributionStatement | null;
  /** Of the other members that the viewer may see. */
  others: Statement[];
}

/** The viewer's own, and what they see of their group's of today. */
export async function ownStatements(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
): Promise<OwnStatements> {
  permit(viewer, access, "assignment.view");
  const { assignment } = access;
  const state = await stateFor(db, assignment, viewer.id);
  if (state === "none") return { state, own: null, others: [] };
  const [own] = await db.select().from(contributionStatements).where(ofPerson(assignment.id, viewer.id));
  const seen = seenBy(assignment.contributions, viewer.id, await groupOf(db, assignment, viewer.id));
  const others = await statementsOf(
    db,
    assignment.id,
    seen.filter((id) => id !== viewer.id),
  );
  return { state, own: own ?? null, others };
}

/** For staff, of those whose name is on a submission; null where none are asked for, or it is graded without names. */
export async function statementsOfWork(
  db: Executor,
  viewer: Viewer,
  { assignment, members, blind, ...access }: SubmissionAccess,
): Promise<Statement[] | null> {
  permitSight(viewer, access, "submission.view_any");
  if (blind || assignment.contributions === "off" || members.length < 2) return null;
  return statementsOf(
    db,
    assignment.id,
    members.map(({ id }) => id),
  );
}

export interface StatementWish {
  text: string;
  share: number | null;
}

/** @throws not_allowed, no_statement_asked, statement_over, bad_statement */
export async function stateContribution(
  db: Db,
  viewer: Viewer,
  access: AssignmentAccess,
  wish: StatementWish,
): Promise<void> {
  permit(viewer, access, "contribution.state");
  const text = wish.text.trim();
  const { share } = wish;
  const fits = share === null || (Number.isInteger(share) && share >= 0 && share <= 100);
  const { assignment } = access;
  await transaction(db, async (tx) => {
    const state = await stateFor(tx, assignment, viewer.id);
    if (state === "none") throw fail("no_statement_asked");
    if (state === "over") throw fail("statement_over");
    if (text === "" || text.length > STATEMENT_LIMIT_CHARACTERS || !fits) {
      throw fail("bad_statement", { limit: STATEMENT_LIMIT_CHARACTERS });
    }
    const row = {
      assignmentId: assignment.id,
      personId: viewer.id,
      text,
      share,
      statedAt: sql`now()` as never,
    };
    await tx
      .insert(contributionStatements)
      .values(row)
      .onConflictDoUpdate({
        target: [contributionStatements.assignmentId, contributionStatements.personId],
        set: row,
      });
    await audit(tx, {
      ...{ actorId: viewer.id, action: "contribution.stated", courseId: access.course.id },
      subject: { kind: "assignment", id: assignment.id },
      detail: { share },
    });
  });
}

async function stateFor(db: Executor, assignment: Assignment, personId: string): Promise<StatementState> {
  const { own } = await dueDates(db, assignment, personId);
  return statementState(assignment, acceptanceOf(assignment, own, await databaseNow(db)));
}

const ofPerson = (assignmentId: string, personId: string) =>
  and(eq(contributionStatements.assignmentId, assignmentId), eq(contributionStatements.personId, personId));

/** The members of somebody's group, themself among them. */
async function groupOf(db: Executor, { groupSetId }: Assignment, personId: string): Promise<string[]> {
  const own = db
    .select({ id: groupMembers.groupId })
    .from(groupMembers)
    .where(and(eq(groupMembers.setId, groupSetId!), eq(groupMembers.personId, personId)));
  const rows = await db
    .select({ id: groupMembers.personId })
    .from(groupMembers)
    .where(inArray(groupMembers.groupId, own));
  return rows.map(({ id }) => id);
}

async function statementsOf(db: Executor, assignmentId: string, ids: string[]): Promise<Statement[]> {
  if (ids.length === 0) return [];
  const { text, share, statedAt } = contributionStatements;
  return db
    .select({ personId: people.id, name: people.name, text, share, statedAt })
    .from(people)
    .leftJoin(
      contributionStatements,
      and(
        eq(contributionStatements.personId, people.id),
        eq(contributionStatements.assignmentId, assignmentId),
      ),
    )
    .where(and(inArray(people.id, ids), isNull(people.removedAt)))
    .orderBy(asc(people.name), asc(people.id));
}
