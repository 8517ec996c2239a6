import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freshDatabase } from "../../test/support/database.ts";
import { diskBlobs, oldBlobs, removeIfOld } from "../storage/blobs.ts";
import { removeOrphanedBlobs } from "./orphaned-blobs.ts";

const database = await freshDatabase();
const dir = await mkdtemp(join(tmpdir(), "assay-orphans-"));
afterAll(() => rm(dir, { recursive: true, force: true }));
const blobs = diskBlobs(dir);
const store = {
  oldBlobs: (before: Date) => oldBlobs(dir, before),
  removeIfOld: (hash: string, before: Date) => removeIfOld(dir, hash, before),
};
const day = new Date(Date.now() - 86_400_000);
const old = new Date(day.getTime() - 1000);

async function blob(text: string, at?: Date): Promise<string> {
  const { hash } = await blobs.put(Buffer.from(text));
  if (at) await utimes(blobs.pathOf(hash), at, at);
  return hash;
}

test("only what is older than a day and named by no row is removed", async () => {
  const named = await blob("a suite", old);
  const orphan = await blob("a refused archive", old);
  const young = await blob("an upload under way");
  const again = await blob("refused, then handed in again", old);
  await blob("refused, then handed in again");
  await database.sql`insert into attempts
    (id, subject, run, number, archive_blob, archive_hash, archive_bytes, suite_blob, suite_hash, suite_config, key, lane, priority, team)
    values (gen_random_uuid(), 's', 'submit', 1, 'none', 'none', 0, ${named}, ${named}, '{}', '', 'cpu', 0, 't')`;
  expect(await removeOrphanedBlobs(database.db, store, day)).toBe(1);
  const there = await Promise.all([named, orphan, young, again].map((hash) => blobs.has(hash)));
  expect(there).toEqual([true, false, true, true]);
  expect(await removeOrphanedBlobs(database.db, store, day)).toBe(0);
});
