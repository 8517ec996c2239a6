// Who somebody that a platform sent is here, and where they belong.
import { and, eq, sql } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { createPerson, emailAddress, personByEmail } from "../accounts/people.ts";
import type { Person } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { connectWay, personOfSubject } from "../accounts/ways.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { type CourseAccess, permit } from "../courses/access.ts";
import { roster } from "../courses/tables.ts";
import { type Db, type Executor, transaction } from "../platform/database.ts";
import type { Launch } from "./launch.ts";
import { issuerOf } from "./platforms.ts";
import { type LmsLink, lmsContexts, lmsLinks } from "./tables.ts";

/** The course of ours that the launch's is; null until an instructor has said so. */
export async function courseOf(db: Executor, { platform, facts }: Launch): Promise<string | null> {
  const [found] = await db
    .select({ courseId: lmsContexts.courseId })
    .from(lmsContexts)
    .where(and(eq(lmsContexts.platformId, platform.id), eq(lmsContexts.contextId, facts.context.id)));
  return found?.courseId ?? null;
}

/**
 * Whoever the platform's subject is here, or a new person where its course is ours and nobody has the e-mail.
 * Null: somebody has it; only they, signed in, can say that it is them.
 */
export async function personOfLaunch(db: Db, launch: Launch): Promise<Person | null> {
  const subject = { issuer: issuerOf(launch.platform), subject: launch.facts.subject };
  const known = await personOfSubject(db, subject);
  const courseId = await courseOf(db, launch);
  if (known) {
    if (courseId) await enrol(db, courseId, known.id, launch);
    return known;
  }
  const email = emailAddress.safeParse(launch.facts.email ?? "");
  if (courseId === null || !email.success || (await personByEmail(db, email.data))) return null;
  return transaction(db, async (tx) => {
    const person = await createPerson(tx, null, { name: launch.facts.name ?? email.data, email: email.data });
    await connectWay(tx, person.id, subject);
    await enrolIn(tx, courseId, person.id, launch);
    return person;
  });
}

/** Somebody who is signed in here says that the platform's subject is them. @throws way_taken */
export function connectLaunch(db: Db, viewer: Viewer, launch: Launch): Promise<void> {
  const subject = { issuer: issuerOf(launch.platform), subject: launch.facts.subject };
  return transaction(db, (tx) => connectWay(tx, viewer.id, subject));
}

const enrol = (db: Db, courseId: string, personId: string, launch: Launch) =>
  transaction(db, (tx) => enrolIn(tx, courseId, personId, launch));

/** Puts somebody new on the roster, as what the platform says; who is there stays as our roster has them. */
async function enrolIn(
  tx: Executor,
  courseId: string,
  personId: string,
  { platform, facts }: Launch,
): Promise<void> {
  const [added] = await tx
    .insert(roster)
    .values({ courseId, personId, role: facts.role })
    .onConflictDoNothing()
    .returning();
  if (!added) return;
  await audit(tx, {
    ...{
      actorId: personId,
      action: "roster.joined_by_lms",
      courseId,
      subject: { kind: "person", id: personId },
    },
    detail: { platform: platform.name, role: facts.role },
  });
}

/** An instructor of both says which course it is; its people come on the roster as they arrive. */
export function connectCourse(
  db: Db,
  viewer: Viewer,
  access: CourseAccess,
  { platform, facts }: Launch,
): Promise<void> {
  permit(viewer, access, "roster.edit");
  return transaction(db, async (tx) => {
    await tx
      .insert(lmsContexts)
      .values({ platformId: platform.id, contextId: facts.context.id, courseId: access.course.id })
      .onConflictDoNothing();
    await audit(tx, {
      ...{ actorId: viewer.id, action: "lms.course_connected", courseId: access.course.id },
      subject: { kind: "course", id: access.course.id },
      detail: { platform: platform.name, context: facts.context.id },
    });
  });
}

/** The link that was followed, with the platform's column of points as it is now. */
export async function linkOf(db: Executor, { platform, facts }: Launch): Promise<LmsLink | null> {
  const here = and(
    eq(lmsLinks.platformId, platform.id),
    eq(lmsLinks.contextId, facts.context.id),
    eq(lmsLinks.resourceId, facts.link.id),
  );
  const [found] = await db.select().from(lmsLinks).where(here);
  if (!found || facts.lineItem === null || found.lineItem === facts.lineItem) return found ?? null;
  const [changed] = await db.update(lmsLinks).set({ lineItem: facts.lineItem }).where(here).returning();
  return changed ?? null;
}

/** An instructor says which assignment a link leads to. Again with another: what was sent for the first is not taken back. */
export function connectAssignment(
  db: Db,
  viewer: Viewer,
  access: AssignmentAccess,
  { platform, facts }: Launch,
  lineItem: string | null,
): Promise<LmsLink> {
  permit(viewer, access, "assignment.edit");
  const assignmentId = access.assignment.id;
  return transaction(db, async (tx) => {
    const [link] = await tx
      .insert(lmsLinks)
      .values({
        ...{ platformId: platform.id, contextId: facts.context.id, resourceId: facts.link.id },
        ...{ assignmentId, lineItem },
      })
      .onConflictDoUpdate({
        target: [lmsLinks.platformId, lmsLinks.contextId, lmsLinks.resourceId],
        set: { assignmentId, lineItem: sql`coalesce(excluded.line_item, ${lmsLinks.lineItem})` },
      })
      .returning();
    await audit(tx, {
      ...{ actorId: viewer.id, action: "lms.assignment_connected", courseId: access.course.id },
      subject: { kind: "assignment", id: assignmentId },
      detail: { platform: platform.name, link: facts.link.id },
    });
    return link!;
  });
}
