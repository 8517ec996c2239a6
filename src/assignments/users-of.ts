// Which assignments a suite's versions grade now.
import { asc, eq } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import { permit } from "../courses/access.ts";
import type { Executor } from "../platform/database.ts";
import type { VersionAccess } from "../suites/suites.ts";
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
