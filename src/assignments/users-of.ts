// Which assignments a suite's versions grade now.
import { and, asc, eq, getTableColumns, ne } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import { permit } from "../courses/access.ts";
import type { Executor } from "../platform/database.ts";
import type { VersionAccess } from "../suites/suites.ts";
import { suiteVersions } from "../suites/tables.ts";
import { type Assignment, assignments } from "./tables.ts";

const LIMIT = 100;

/** The assignments that use this version; for staff. */
export function usersOf(db: Executor, viewer: Viewer, access: VersionAccess): Promise<Assignment[]> {
  permit(viewer, access, "suite.view");
  return db
    .select()
    .from(assignments)
    .where(eq(assignments.suiteVersionId, access.version.id))
    .orderBy(asc(assignments.slug))
    .limit(LIMIT);
}

/** The assignments that another version of the same suite grades: this one could take its place. For staff. */
export function usersOfOthers(db: Executor, viewer: Viewer, access: VersionAccess): Promise<Assignment[]> {
  permit(viewer, access, "suite.view");
  return db
    .select(getTableColumns(assignments))
    .from(assignments)
    .innerJoin(suiteVersions, eq(suiteVersions.id, assignments.suiteVersionId))
    .where(and(eq(suiteVersions.suiteId, access.suite.id), ne(suiteVersions.id, access.version.id)))
    .orderBy(asc(assignments.slug))
    .limit(LIMIT);
}
