// Uploads that are whole and were not handed in, since the server ended between their last byte and the submission.
import { and, asc, eq, getTableColumns, gt, isNull, lt, sql } from "drizzle-orm";
import { people } from "../accounts/tables.ts";
import { sessionViewer } from "../accounts/viewer.ts";
import { UserError } from "../platform/errors.ts";
import { type FinishParts, findUpload, finishUpload, receivedBytes } from "./resumable.ts";
import { resumableUploads } from "./tables.ts";

/** A younger one may be in a server's hands. */
const LEFT_AFTER_MINUTES = 5;
const AT_ONCE = 200;

/** Hands them in, in the name of who sent them. @returns how many became submissions */
export async function finishLeftUploads(parts: FinishParts): Promise<number> {
  const { db, uploads } = parts;
  const open = await db
    .select({ upload: getTableColumns(resumableUploads), person: getTableColumns(people) })
    .from(resumableUploads)
    .innerJoin(people, eq(people.id, resumableUploads.personId))
    .where(
      and(
        isNull(resumableUploads.submissionId),
        gt(resumableUploads.expiresAt, sql`now()`),
        lt(resumableUploads.createdAt, sql`now() - make_interval(mins => ${LEFT_AFTER_MINUTES}::int)`),
      ),
    )
    .orderBy(asc(resumableUploads.createdAt))
    .limit(AT_ONCE);
  let made = 0;
  for (const { upload, person } of open) {
    if ((await receivedBytes(uploads, upload)) !== upload.bytes) continue;
    const viewer = sessionViewer(person);
    try {
      await finishUpload(parts, viewer, await findUpload(db, viewer, upload.id));
      made++;
    } catch (error) {
      // Whoever sent it is told why when they ask again.
      if (!(error instanceof UserError)) throw error;
    }
  }
  return made;
}
