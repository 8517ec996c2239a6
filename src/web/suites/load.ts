// Everything that a version's page shows.
import { eq } from "drizzle-orm";
import { people } from "../../accounts/tables.ts";
import type { Viewer } from "../../accounts/viewer.ts";
import type { Assignment } from "../../assignments/tables.ts";
import { usersOf, usersOfOthers } from "../../assignments/users-of.ts";
import type { Executor } from "../../platform/database.ts";
import { type ProofProgress, proofProgress } from "../../suites/proof-progress.ts";
import { findVersion, listVersions, type VersionAccess, type VersionRecord } from "../../suites/suites.ts";

export interface VersionView {
  access: VersionAccess;
  progress: ProofProgress | null;
  versions: VersionRecord[];
  by: string;
  assignments: Assignment[];
  /** Graded by another version of this suite. */
  others: Assignment[];
}

/** @throws not_found */
export async function loadVersion(db: Executor, viewer: Viewer, id: string): Promise<VersionView> {
  const access = await findVersion(db, viewer, id);
  const progress = await proofProgress(db, access);
  const { versions } = await listVersions(db, viewer, access, access.suite.name);
  const [by] = await db
    .select({ name: people.name })
    .from(people)
    .where(eq(people.id, access.version.registeredBy));
  const assignments = await usersOf(db, viewer, access);
  const others = await usersOfOthers(db, viewer, access);
  return { access, progress, versions, by: by?.name ?? "", assignments, others };
}
