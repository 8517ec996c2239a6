// Work that another version than the one in use has graded: what a re-run is offered for.
import { and, eq, ne } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { permit } from "../courses/access.ts";
import type { Executor } from "../platform/database.ts";
import { submissions } from "./tables.ts";

/** How many submissions of an assignment have a result of another version; for staff. */
export async function countOlderGraded(
  db: Executor,
  viewer: Viewer,
  access: AssignmentAccess,
): Promise<number> {
  permit(viewer, access, "submission.view_any");
  const { id, suiteVersionId } = access.assignment;
  if (suiteVersionId === null) return 0;
  return db.$count(
    submissions,
    and(eq(submissions.assignmentId, id), ne(submissions.suiteVersionId, suiteVersionId)),
  );
}
