// Suites and their versions, found only through the eyes of somebody.
import { and, asc, desc, eq, getTableColumns } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import { type Action, type CourseAccess, permit, permitSight } from "../courses/access.ts";
import { findCourseForAny, isUuid } from "../courses/courses.ts";
import type { Executor } from "../platform/database.ts";
import { fail } from "./errors.ts";
import { type Suite, type SuiteVersion, suites, suiteVersions } from "./tables.ts";

/** A version without its secret, which is read in one place only (assignments/grading-task.ts). */
export type VersionRecord = Omit<SuiteVersion, "secret">;
const { secret: _, ...versionColumns } = getTableColumns(suiteVersions);

export { versionColumns };

export interface VersionAccess extends CourseAccess {
  suite: Suite;
  version: VersionRecord;
}
const VERSIONS_PAGE = 100;
const SUITES_PAGE = 100;

/** A version, for staff of its course. @throws not_found */
export async function findVersion(
  db: Executor,
  viewer: Viewer,
  id: string,
  action: Action = "suite.view",
): Promise<VersionAccess> {
  const [found] = isUuid(id)
    ? await db
        .select({ suite: suites, version: versionColumns })
        .from(suiteVersions)
        .innerJoin(suites, eq(suites.id, suiteVersions.suiteId))
        .where(eq(suiteVersions.id, id))
    : [];
  if (!found) throw fail("not_found");
  const access = await findCourseForAny(db, viewer, found.suite.courseId);
  permitSight(viewer, access, "suite.view");
  permit(viewer, access, action);
  return { ...access, ...found };
}

export interface SuiteEntry {
  suite: Suite;
  /** The newest one. */
  version: VersionRecord;
}

/** A course's suites by name, each with its newest version; for staff. */
export async function listSuites(db: Executor, viewer: Viewer, access: CourseAccess): Promise<SuiteEntry[]> {
  permit(viewer, access, "suite.view");
  return db
    .selectDistinctOn([suites.name], { suite: suites, version: versionColumns })
    .from(suites)
    .innerJoin(suiteVersions, eq(suiteVersions.suiteId, suites.id))
    .where(eq(suites.courseId, access.course.id))
    .orderBy(asc(suites.name), desc(suiteVersions.number))
    .limit(SUITES_PAGE);
}

/** A suite's versions, newest first; for staff. @throws not_found */
export async function listVersions(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
  name: string,
): Promise<{ suite: Suite; versions: VersionRecord[] }> {
  permit(viewer, access, "suite.view");
  const [suite] = await db
    .select()
    .from(suites)
    .where(and(eq(suites.courseId, access.course.id), eq(suites.name, name)));
  if (!suite) throw fail("not_found");
  const versions = await db
    .select(versionColumns)
    .from(suiteVersions)
    .where(eq(suiteVersions.suiteId, suite.id))
    .orderBy(desc(suiteVersions.number))
    .limit(VERSIONS_PAGE);
  return { suite, versions };
}

const PUBLISHED_PAGE = 500;

/** A course's published versions, by suite and newest first: what an assignment may be graded by; for staff. */
export async function listPublished(
  db: Executor,
  viewer: Viewer,
  access: CourseAccess,
): Promise<{ id: string; name: string; number: number }[]> {
  permit(viewer, access, "suite.view");
  return db
    .select({ id: suiteVersions.id, name: suites.name, number: suiteVersions.number })
    .from(suiteVersions)
    .innerJoin(suites, eq(suites.id, suiteVersions.suiteId))
    .where(and(eq(suites.courseId, access.course.id), eq(suiteVersions.state, "published")))
    .orderBy(asc(suites.name), desc(suiteVersions.number))
    .limit(PUBLISHED_PAGE);
}
