// A comparison as it is kept, for pages that show one.
import type { Viewer } from "../../src/accounts/viewer.ts";
import { findAssignment } from "../../src/assignments/assignments.ts";
import type { Services } from "../../src/http/services.ts";
import { similarityPairs, similarityReports } from "../../src/similarity/tables.ts";

/** One pair of two submissions to hw4-dtw. @returns the report's id */
export async function makeComparison(
  { db }: Services,
  instructor: Viewer,
  left: string,
  right: string,
): Promise<string> {
  const { assignment } = await findAssignment(db, instructor, "mml-2026.hw4-dtw");
  const [report] = await db
    .insert(similarityReports)
    .values({
      assignmentId: assignment.id,
      state: "done",
      askedBy: instructor.id,
      endedAt: new Date(),
      files: 2,
      submissions: 2,
      skipped: [{ submissionId: left, path: "data.py", why: "long_line" }],
    })
    .returning();
  await db.insert(similarityPairs).values({
    reportId: report!.id,
    position: 1,
    left,
    leftPath: "dtw.py",
    right,
    rightPath: "dtw.py",
    similarity: 7340,
    longest: 118,
    fragments: [
      [3, 12, 5, 14],
      [20, 26, 22, 28],
    ],
  });
  return report!.id;
}
