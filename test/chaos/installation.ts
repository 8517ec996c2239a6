// A real installation under attack: `assay serve` and workers as processes of their own over the embedded
// PostgreSQL. What dies is started again at once, as a service manager does.
import type { ChildProcess } from "node:child_process";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { ask } from "../../src/cli/client/api.ts";
import type { ClientSettings } from "../../src/cli/client/settings.ts";
import { startServer, startWorker, stopProcess } from "../../src/cli/demo/processes.ts";
import { COURSE, type Login, makeCourse, publishSuite, signIn } from "../../src/cli/demo/session.ts";
import { readSuite } from "../../src/judge/read-suite.ts";
import { type Database, openDatabase } from "../../src/platform/database.ts";
import { isPostgres, ROLE, readPostmaster } from "../../src/platform/postgres-folder.ts";

const ENTRY = join(import.meta.dirname, "../../bin/assay.mjs");
const WORKING_LIMIT_MS = 120_000;
/** Never used up; what a student is told to have left shows what was charged. */
export const QUOTA = 10_000;

export class Installation {
  readonly url: string;
  /** Directly to the server, so that we ourselves never start it again: that is for its users to do. */
  readonly database: Database;
  private readonly home: string;
  private server: ChildProcess;
  private readonly workers = new Set<ChildProcess>();
  private readonly pending = new Set<Promise<unknown>>();
  private ending = false;

  private constructor(home: string, url: string, server: ChildProcess, database: Database) {
    this.home = home;
    this.url = url;
    this.server = server;
    this.database = database;
  }

  /** @param home an empty folder that the database's account may walk through */
  static async open(home: string, workers: number): Promise<Installation> {
    const { url, server } = await startServer(home, 0);
    const folder = join(home, "postgres");
    const password = await readFile(join(folder, "password"), "utf8");
    const { port } = (await readPostmaster(folder))!;
    const database = openDatabase(`postgres://${ROLE}:${password}@127.0.0.1:${port}/${ROLE}`, {
      name: "chaos",
    });
    const installation = new Installation(home, url, server, database);
    for (let n = 0; n < workers; n++) installation.startWorker();
    return installation;
  }

  /** A course with one assignment by the suite in `folder`, and so many students. */
  async makeCourse(
    folder: string,
    count: number,
  ): Promise<{ assignment: string; students: ClientSettings[] }> {
    const person = (role: Login["role"], user: string): Login => {
      return { role, name: user, email: `${user}@example.edu`, password: "correct horse battery" };
    };
    const [admin, instructor] = [person("admin", "admin"), person("instructor", "instructor")];
    const people = Array.from({ length: count }, (_, n) => person("student", `student${n + 1}`));
    const env = {
      ...process.env,
      ASSAY_HOME: this.home,
      ASSAY_PASSWORD: admin.password,
      PUBLIC_URL: this.url,
    };
    await promisify(execFile)(process.execPath, [ENTRY, "admin", "create", admin.email], { env });
    await makeCourse(await signIn(this.url, admin), [admin, instructor, ...people]);
    const staff = await signIn(this.url, instructor);
    const suite = await readSuite(folder);
    await publishSuite(staff, folder, suite);
    const assignment = `${COURSE}.${suite.config.id}`;
    const quota = { method: "PATCH", json: { attemptsTotal: QUOTA } };
    await ask(staff, `/api/v1/assignments/${assignment}`, z.unknown(), quota);
    return { assignment, students: await Promise.all(people.map((student) => signIn(this.url, student))) };
  }

  /** Of the workers that live. */
  get workerPids(): number[] {
    return [...this.workers].flatMap(({ pid }) => pid ?? []);
  }

  /** Waits until so many workers take jobs: who kills the last one only measures how long Node takes to start. */
  async untilWorking(count: number): Promise<void> {
    const deadline = Date.now() + WORKING_LIMIT_MS;
    for (;;) {
      const working = await this.database.sql`
        select from workers where pid = any (${this.workerPids}) and seen_at > now() - interval '6 seconds'`.catch(
        () => [],
      );
      if (working.length >= count) return;
      if (Date.now() > deadline) throw new Error(`no ${count} workers take jobs`);
      await sleep(50);
    }
  }

  /** SIGKILL to one worker; another starts at once. @returns its pid */
  killWorker(random: () => number): number {
    const living = [...this.workers];
    const victim = living[Math.floor(random() * living.length)]!;
    victim.kill("SIGKILL");
    return victim.pid!;
  }

  /** SIGKILL to the server; another starts at once on the same port. */
  async killServer(): Promise<void> {
    const ended = once(this.server, "exit");
    this.server.kill("SIGKILL");
    await ended;
    const started = startServer(this.home, Number(new URL(this.url).port));
    this.server = (await started).server;
  }

  /** SIGKILL to PostgreSQL's first process; its users start it again. */
  async killPostgres(): Promise<void> {
    const folder = join(this.home, "postgres");
    const running = await readPostmaster(folder);
    if (!running || !(await isPostgres(running.pid))) throw new Error("there is no database to kill");
    process.kill(running.pid, "SIGKILL");
    await this.untilDatabase();
  }

  async untilDatabase(): Promise<void> {
    for (;;) {
      const answers = await this.database.sql`select 1`.then(() => true).catch(() => false);
      if (answers) return;
      await sleep(50);
    }
  }

  /** Tells all to end, and waits until they have: they drain. */
  async stop(): Promise<void> {
    this.ending = true;
    await Promise.allSettled(this.pending);
    await Promise.all([...this.workers, this.server].map(stopProcess));
    await this.database.close();
  }

  private startWorker(): void {
    const worker = startWorker(this.home);
    this.workers.add(worker);
    worker.once("exit", () => {
      this.workers.delete(worker);
      if (!this.ending) this.startWorker();
    });
  }
}
