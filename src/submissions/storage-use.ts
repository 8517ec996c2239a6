// What lies in the stores by what it is for: from rows, since walking a million files takes minutes.
import { sql } from "drizzle-orm";
import { requireAdmin, type Viewer } from "../accounts/viewer.ts";
import type { Executor } from "../platform/database.ts";

export interface StorageUse {
  /** As they came, and their canonical archives; the same bytes are counted once. */
  submissionBytes: number;
  submissions: number;
  suiteBytes: number;
  /** Pictures and plots of tests. */
  artifactBytes: number;
  databaseBytes: number;
}

type Row = {
  uploads: string;
  archives: string;
  count: number;
  suites: string;
  artifacts: string;
  db: string;
};

export async function storageUse(db: Executor, viewer: Viewer): Promise<StorageUse> {
  requireAdmin(viewer);
  const [row] = await db.execute<Row>(sql`select
    (select coalesce(sum(b), 0) from (select distinct original_blob, original_bytes as b from submissions) o) as uploads,
    (select coalesce(sum(b), 0) from (select distinct archive_blob, archive_bytes as b from submissions) a) as archives,
    (select count(*)::int from submissions) as count,
    (select coalesce(sum(b), 0) from (select distinct blob, bytes as b from suite_versions) s) as suites,
    (select coalesce(sum(b), 0) from (select distinct blob, bytes as b from artifacts) t) as artifacts,
    pg_database_size(current_database()) as db`);
  return {
    submissionBytes: Number(row!.uploads) + Number(row!.archives),
    submissions: row!.count,
    suiteBytes: Number(row!.suites),
    artifactBytes: Number(row!.artifacts),
    databaseBytes: Number(row!.db),
  };
}
