// The comment bank: sentences to use again, one's own and the course's.
import { and, desc, eq, or } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import { type CourseAccess, permit } from "../courses/access.ts";
import { isUuid } from "../courses/courses.ts";
import type { Db, Executor } from "../platform/database.ts";
import { COMMENT_LIMIT_CHARACTERS, fail, SAVED_COMMENTS_LIMIT } from "./errors.ts";
import { type SavedComment, savedComments } from "./tables.ts";

const seenBy = (viewer: Viewer, { course }: CourseAccess) =>
  and(
    eq(savedComments.courseId, course.id),
    or(eq(savedComments.shared, true), eq(savedComments.savedBy, viewer.id)),
  );

/** The newest first; for staff. */
export async function listBank(db: Executor, viewer: Viewer, access: CourseAccess): Promise<SavedComment[]> {
  permit(viewer, access, "review.grade");
  return db
    .select()
    .from(savedComments)
    .where(seenBy(viewer, access))
    .orderBy(desc(savedComments.savedAt), desc(savedComments.id))
    .limit(SAVED_COMMENTS_LIMIT);
}

/** @throws bad_comment, bank_full */
export async function saveComment(
  db: Db,
  viewer: Viewer,
  access: CourseAccess,
  wish: { text: string; shared: boolean },
): Promise<SavedComment> {
  permit(viewer, access, "review.grade");
  const text = wish.text.trim();
  if (text === "" || text.length > COMMENT_LIMIT_CHARACTERS) {
    throw fail("bad_comment", { limit: COMMENT_LIMIT_CHARACTERS });
  }
  const there = await db.$count(savedComments, seenBy(viewer, access));
  if (there >= SAVED_COMMENTS_LIMIT) throw fail("bank_full", { limit: SAVED_COMMENTS_LIMIT });
  const [made] = await db
    .insert(savedComments)
    .values({ courseId: access.course.id, text, shared: wish.shared, savedBy: viewer.id })
    .returning();
  return made!;
}

/** One's own, shared or not. @throws not_found */
export async function forgetComment(db: Db, viewer: Viewer, access: CourseAccess, id: string): Promise<void> {
  permit(viewer, access, "review.grade");
  if (!isUuid(id)) throw fail("not_found");
  const gone = await db
    .delete(savedComments)
    .where(
      and(
        eq(savedComments.id, id),
        eq(savedComments.courseId, access.course.id),
        eq(savedComments.savedBy, viewer.id),
      ),
    )
    .returning({ id: savedComments.id });
  if (gone.length === 0) throw fail("not_found");
}
