// `npm run bench:gradebook [-- --students N] [--rounds N] [--json]`: how long a browser waits for the first byte of the
// gradebook of 1,000 students × 10 assignments with 100,000 graded submissions, over HTTP, from a real server. And for
// the pages of insight and of mistakes of one of these assignments, which has 120,000 results of tests.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { issueToken } from "../src/accounts/tokens.ts";
import { attempts } from "../src/grading/tables.ts";
import { type Database, openDatabase } from "../src/platform/database.ts";
import { openEmbeddedPostgres } from "../src/platform/embedded-postgres.ts";
import { createLogger } from "../src/platform/log.ts";
import { migrate } from "../src/platform/migrate.ts";
import { startWebServer } from "../test/support/web-server.ts";
import { type Figure, figure, single, table } from "./figures.ts";
import { ASSIGNMENTS, fillGradebook, fillTests } from "./gradebook-rows.ts";

const { values } = parseArgs({
  options: {
    students: { type: "string", default: "1000" },
    rounds: { type: "string", default: "60" },
    json: { type: "boolean", default: false },
  },
});
const students = Number(values.students);
const rounds = Number(values.rounds);
const GOAL = "<= 150";

const RESCORED = "hw-1";

const pages: [name: string, query: string][] = [
  ["first_page", ""],
  ["middle_page", "page=10"],
  ["section", "section=B"],
  ["search", "q=person77"],
  ["large_page", "size=200"],
  ["sorted_by_assignment", "sort=hw-4&order=desc"],
  ["sorted_by_total", "sort=total&order=desc"],
];

/** Pages that staff open now and then, over everything that was handed in. */
const understood: [name: string, path: string][] = [
  ["insight", `/courses/large/insight?assignment=${RESCORED}`],
  ["mistakes", `/assignments/large.${RESCORED}/mistakes`],
];
const INSIGHT_GOAL = "<= 1000";
const INSIGHT_ROUNDS = 20;

const home = await mkdtemp(join(tmpdir(), "assay-gradebook-"));
// The database's own account walks through it.
await chmod(home, 0o711);
const postgres = await openEmbeddedPostgres(home);
try {
  const { url, roles } = postgres;
  await migrate(url, ["cpu", "gpu"], roles);
  const server = await startWebServer(url, createLogger("error"), roles);
  const owner = openDatabase(url, { connections: 1, name: "bench" });
  const instructor = await fillGradebook(owner, students);
  await fillTests(owner, RESCORED);
  const wish = { name: "bench", scopes: ["read" as const, "manage" as const], days: 1 };
  const { token } = await issueToken(server.services.db, instructor, wish);
  const figures: Figure[] = [single("submissions", students * ASSIGNMENTS * 10)];
  for (const [name, query] of pages) {
    const times: number[] = [];
    for (let round = -5; round < rounds; round++) {
      const ms = await firstByte(`${server.url}/courses/large/gradebook?${query}`, token);
      if (round >= 0) times.push(ms);
    }
    figures.push(figure(`gradebook_${name}_ms_p95`, times, GOAL, 0.95));
  }
  for (const [name, path] of understood) {
    const times: number[] = [];
    for (let round = -1; round < Math.min(rounds, INSIGHT_ROUNDS); round++) {
      const ms = await firstByte(`${server.url}${path}`, token);
      if (round >= 0) times.push(ms);
    }
    figures.push(figure(`${name}_ms_p95`, times, INSIGHT_GOAL, 0.95));
  }
  figures.push(...(await rescoring(server.url, token, owner)));
  await owner.close();
  console.log(values.json ? JSON.stringify({ figures }) : table(figures));
  await server.stop();
} finally {
  await postgres.stop();
  await postgres.release();
  await rm(home, { recursive: true, force: true });
}

/** Until the first byte of the body; the rest is read, so that the next round finds the server idle. */
async function firstByte(url: string, token: string): Promise<number> {
  const began = performance.now();
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const reader = answer.body!.getReader();
  await reader.read();
  const ms = performance.now() - began;
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
  while (!(await reader.read()).done);
  return ms;
}

/** Other points for ten results of each student, shown first and then applied; no grading is begun for it. */
async function rescoring(url: string, token: string, { db }: Database): Promise<Figure[]> {
  const path = `${url}/api/v1/assignments/large.${RESCORED}/score-rules`;
  const post = async (to: string, json: unknown) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const began = performance.now();
    const answer = await fetch(to, { method: "POST", headers, body: JSON.stringify(json) });
    const body = (await answer.json()) as { basis: string };
    if (!answer.ok) throw new Error(`${to}: ${answer.status} ${JSON.stringify(body)}`);
    return { body, seconds: (performance.now() - began) / 1000 };
  };
  const rules = { points: { test_0: 800 } };
  const before = await db.$count(attempts);
  const preview = await post(`${path}/preview`, rules);
  const applied = await post(path, { rules, reason: "a measurement", basis: preview.body.basis });
  return [
    single("rescore_preview_s", preview.seconds, "<= 2"),
    single("rescore_s", applied.seconds, "<= 2"),
    single("rescore_gradings_begun", (await db.$count(attempts)) - before, "<= 0"),
  ];
}
