// A course's whole state through `assay backup` and `assay restore`: every report opens, every hash matches.
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emptyDatabase, freshDatabase, testLog } from "../../test/support/database.ts";
import { startWebServer, type WebServer } from "../../test/support/web-server.ts";
import { makeWorld, type World } from "../../test/support/web-world.ts";
import { issueToken } from "../accounts/tokens.ts";
import { ALL_SCOPES } from "../accounts/viewer.ts";
import { type Config, readConfig } from "../platform/config.ts";
import { openDatabase } from "../platform/database.ts";
import { openInstallation } from "../platform/installation.ts";
import { diskBlobs } from "../storage/blobs.ts";
import { backUp, restore } from "./backup.ts";
import { startServer } from "./serve.ts";

const folder = await mkdtemp(join(tmpdir(), "assay-backup-"));
const kept = join(folder, "kept");
afterAll(() => rm(folder, { recursive: true, force: true }));

let server: WebServer;
let world: World;
let from: Config;
let token: string;
beforeAll(async () => {
  const database = await freshDatabase();
  server = await startWebServer(database.url, testLog, database.roles);
  world = await makeWorld(server.services);
  from = { ...readConfig({}), home: server.home, databaseUrl: database.url };
  token = (
    await issueToken(server.services.db, world.people.instructor.id, {
      name: "t",
      scopes: ALL_SCOPES,
      days: 1,
    })
  ).token;
  await backUp(from, kept);
}, 120_000);
afterAll(() => server?.stop());

const into = async (name: string): Promise<Config> => ({
  ...readConfig({}),
  home: join(folder, name),
  port: 0,
  databaseUrl: await emptyDatabase(),
});
const reportsAt = (url: string) =>
  Promise.all(
    Object.values(world.submissions).map(async (id) => {
      const answer = await fetch(`${url}/api/v1/submissions/${id}/report`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return [answer.status, await answer.text()];
    }),
  );

test("after a restore every report opens and says what it said, and every blob holds what it is called", async () => {
  const to = await into("restored");
  const { blobs, tables } = await restore(to, kept);
  expect(blobs.length).toBeGreaterThan(5);
  for (const hash of blobs) await diskBlobs(join(to.home, "blobs")).read(hash);
  const again = await startServer(to, testLog);
  try {
    const before = await reportsAt(server.url);
    expect(before.length).toBeGreaterThan(3);
    expect(before.filter(([status]) => status !== 200)).toEqual([]);
    expect(await reportsAt(again.url)).toEqual(before);
  } finally {
    await again.stop();
  }
  const database = await openInstallation(to, "owner");
  try {
    for (const [table, { rows }] of Object.entries(tables)) {
      // The server that ran on it swept, logged and told people of results that are out.
      if (/^(sessions|api_tokens|sign_in_limits|verifications|audit_log|notifications)$/.test(table))
        continue;
      const [counted] = await database.sql.unsafe(`select count(*)::int as n from "${table}"`);
      expect([table, counted?.n]).toEqual([table, rows]);
    }
    // Numbers go on after those that came back; references hold again.
    await database.sql`insert into audit_log (action, subject_kind, subject_id) values ('test.added', 'test', '1')`;
    const orphan = database.sql`insert into roster (course_id, person_id, role)
      values (gen_random_uuid(), gen_random_uuid(), 'student')`;
    await expect(orphan).rejects.toThrow("foreign key");
  } finally {
    await database.close();
  }
});

test("a second backup into the same folder copies only new blobs, and restores too", async () => {
  const first = await readFile(join(kept, "backup.json"), "utf8");
  const second = await backUp(from, kept);
  expect(second.blobs).toEqual(JSON.parse(first).blobs);
  await restore(await into("again"), kept);
});

test("an installation that is not empty is left as it is", async () => {
  await expect(restore(from, kept)).rejects.toThrow("not empty");
});

test("a damaged backup is refused by name before anything is written", async () => {
  const broken = join(folder, "broken");
  const { blobs } = await backUp(from, broken);
  const to = await into("unwritten");
  await appendFile(join(broken, "blobs", blobs[0]!.slice(0, 2), blobs[0]!), "x");
  await expect(restore(to, broken)).rejects.toThrow(`blobs/${blobs[0]}`);
  const { sql, close } = openDatabase(to.databaseUrl!, { connections: 1 });
  expect(await sql`select to_regclass('public.people') as name`.finally(close)).toEqual([{ name: null }]);
});

test("a folder without a whole backup is refused", async () => {
  await expect(restore(await into("none"), join(folder, "nothing"))).rejects.toThrow("no whole backup");
});
