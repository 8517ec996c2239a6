// In which courses people are, and as what; for administrators.
import { asc, eq, inArray } from "drizzle-orm";
import { requireAdmin, type Viewer } from "../accounts/viewer.ts";
import type { Executor } from "../platform/database.ts";
import { courses, type Role, roster } from "./tables.ts";

export interface PersonCourse {
  slug: string;
  role: Role;
}

export async function coursesOf(
  db: Executor,
  viewer: Viewer,
  personIds: string[],
): Promise<Map<string, PersonCourse[]>> {
  requireAdmin(viewer);
  if (personIds.length === 0) return new Map();
  const rows = await db
    .select({ personId: roster.personId, slug: courses.slug, role: roster.role })
    .from(roster)
    .innerJoin(courses, eq(courses.id, roster.courseId))
    .where(inArray(roster.personId, personIds))
    .orderBy(asc(courses.slug));
  return Map.groupBy(rows, ({ personId }) => personId);
}
