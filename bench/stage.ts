// An installation to measure: a server and a worker as processes of their own, a course, students, suites.
import type { ChildProcess } from "node:child_process";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { sql } from "drizzle-orm";
import type { ClientSettings } from "../src/cli/client/settings.ts";
import { startServer, startWorker, stopProcess } from "../src/cli/demo/processes.ts";
import { type Login, makeCourse, publishSuite, signIn } from "../src/cli/demo/session.ts";
import { readConfig } from "../src/platform/config.ts";
import type { Database } from "../src/platform/database.ts";
import { openInstallation } from "../src/platform/installation.ts";
import type { Case } from "./cases.ts";

const ENTRY = join(import.meta.dirname, "../bin/assay.mjs");
const STUDENTS = 8;
const FILL_LIMIT_MS = 180_000;

export interface Stage {
  url: string;
  home: string;
  database: Database;
  students: ClientSettings[];
  instructor: ClientSettings;
  server: ChildProcess;
  worker: ChildProcess;
  publish(one: Case): Promise<void>;
  /** Brings its due date near, for which the pool is filled deep. */
  rush(one: Case): Promise<void>;
  /** Waits until so many pairs wait and nothing is being graded. */
  untilReady(pairs: number): Promise<WorkerDetail>;
  close(): Promise<void>;
}

export interface WorkerDetail {
  ready: number;
  busy: number;
  waitingBytes: number;
}

/** @param home an empty folder. The environment's ASSAY_SLOTS is how many are graded at once. */
export async function openStage(home: string, cases: Case[]): Promise<Stage> {
  const { url, server } = await startServer(home, 0);
  const database = await openInstallation(readConfig({ ...process.env, ASSAY_HOME: home }), "owner", "bench");
  const logins = people();
  await promisify(execFile)(process.execPath, [ENTRY, "admin", "create", logins[0]!.email], {
    env: { ...process.env, ASSAY_HOME: home, ASSAY_PASSWORD: logins[0]!.password, PUBLIC_URL: url },
  });
  await makeCourse(await signIn(url, logins[0]!), logins);
  const instructor = await signIn(url, logins[1]!);
  const publish = (one: Case) => publishSuite(instructor, one.folder, one.suite);
  for (const one of cases) await publish(one);
  const students: ClientSettings[] = [];
  for (const login of logins.slice(2)) students.push(await signIn(url, login));
  const worker = startWorker(home);
  const close = async () => {
    await Promise.all([worker, server].map(stopProcess));
    await database.close();
  };
  const untilReady = (pairs: number) => waitForPool(database, pairs);
  const rush = async ({ suite }: Case) => {
    await database.db.execute(
      sql`update assignments set due_at = now() + interval '1 hour' where slug = ${suite.config.id}`,
    );
  };
  return { url, home, database, students, instructor, server, worker, publish, rush, untilReady, close };
}

async function waitForPool(database: Database, pairs: number): Promise<WorkerDetail> {
  const until = Date.now() + FILL_LIMIT_MS;
  // What a worker says of itself is up to two seconds old: only what it says from now on counts.
  const [asked] = await database.db.execute<{ now: string }>(sql`select now()::text as now`);
  for (;;) {
    const [row] = await database.db.execute<{ detail: WorkerDetail }>(
      sql`select detail from workers where seen_at > ${asked!.now}::timestamptz order by seen_at desc limit 1`,
    );
    if (row && row.detail.ready >= pairs && row.detail.busy === 0) return row.detail;
    if (Date.now() > until)
      throw new Error(`the pool did not reach ${pairs}: ${JSON.stringify(row?.detail)}`);
    await sleep(200);
  }
}

function people(): Login[] {
  const person = (role: Login["role"], user: string): Login => {
    return { role, name: user, email: `${user}@example.edu`, password: "correct horse battery" };
  };
  const students = Array.from({ length: STUDENTS }, (_, n) => person("student", `student${n + 1}`));
  return [person("admin", "admin"), person("instructor", "instructor"), ...students];
}

/** Resident memory of a process in MB, as Linux counts it. */
export async function residentMb({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1000;
}
