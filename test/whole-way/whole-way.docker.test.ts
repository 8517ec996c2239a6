// One submission's whole way with everything real: HTTP, PostgreSQL, the queue, worker processes, sandboxes.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../src/platform/config.ts";
import type { Database } from "../../src/platform/database.ts";
import { openInstallation } from "../../src/platform/installation.ts";
import { LABELS } from "../../src/sandbox/owner.ts";
import { whyNoSandbox } from "../../src/sandbox/testing/fixtures.ts";
import { until } from "../support/until.ts";
import { CANARIES, type Installation, install, PASSWORD, REFERENCE, reportNow } from "./installation.ts";

const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);

/** Prints what it can read of the sandbox: files, environment, processes, mounts. */
const READER = `
import os, stat
def everything():
    for folder in ("/opt", "/run", "/tmp", "/proc/1", "/mnt", "/srv", "/home", "/var", "/bank"):
        for root, folders, files in os.walk(folder):
            if root.count("/") > 5: folders.clear()
            if root.startswith(("/proc/1/task", "/sys", "/usr", "/tmp/submission")): folders.clear(); continue
            for name in files:
                path = os.path.join(root, name)
                try:
                    if not stat.S_ISREG(os.lstat(path).st_mode): continue
                    with open(path, "rb") as file: text = file.read(4000)
                except OSError: continue
                if b"CANARY" in text or b"import points" in text: print("FOUND", path, text[:200])
    print("ENVIRONMENT", dict(os.environ))
def twice(x):
    everything()
    return 2 * x
def thrice(x): return 3 * x
`;

const slow = (seconds: number, more = "") =>
  `import time\ndef twice(x):\n    time.sleep(${seconds})\n    return 2 * x\ndef thrice(x):\n    ${more || "pass"}\n    return 3 * x\n`;

describe.skipIf(skipped)("a whole installation", { timeout: 300_000 }, () => {
  let here: Installation;
  let database: Database;

  beforeAll(async () => {
    // The most that they can say.
    process.env.LOG_LEVEL = "trace";
    here = await install();
    here.worker();
    database = await openInstallation(readConfig({ ASSAY_HOME: here.home }), "owner", "test");
  }, 120_000);
  afterAll(async () => {
    await database?.close();
    await here?.close();
  }, 60_000);

  async function finished(submission: string, seconds = 60) {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const report = await reportNow(here.instructor, submission);
      if (report.attempt.state === "finished") return report;
      if (Date.now() > until) throw new Error(`${submission} is ${report.attempt.state} after ${seconds} s`);
      await sleep(100);
    }
  }

  async function started(submission: string) {
    for (;;) {
      if ((await reportNow(here.instructor, submission)).attempt.state === "running") return;
      await sleep(50);
    }
  }

  async function rows<T>(query: string, values: string[] = []): Promise<T[]> {
    return (await database.sql.unsafe(query, values)) as unknown as T[];
  }

  test("while it runs, the student's container holds nothing of the suite and may do nothing", async () => {
    const submission = await here.submit(here.students[0]!, slow(3));
    await started(submission);
    const docker = new Docker();
    // A busy machine may still be making its pair.
    const containers = await until("its container runs", async () => {
      const running = await docker.listContainers({
        filters: JSON.stringify({ label: [`${LABELS.kind}=student`] }),
      });
      return running.length > 0 && running;
    });
    const inspected = await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).inspect()));
    expect(inspected.length).toBeGreaterThan(0);
    for (const { HostConfig, Config, Mounts } of inspected) {
      expect(HostConfig.NetworkMode).toBe("none");
      expect(HostConfig.CapDrop).toEqual(["ALL"]);
      expect(HostConfig.CapAdd ?? []).toEqual([]);
      expect(HostConfig.ReadonlyRootfs).toBe(true);
      expect(HostConfig.SecurityOpt?.join()).toContain("seccomp={");
      expect(HostConfig.SecurityOpt?.join()).toContain("no-new-privileges");
      expect(Config.User).not.toMatch(/^(0|root)?(:|$)/);
      expect(Mounts.filter(({ Type }) => Type === "bind")).toEqual([]);
      expect(Mounts.filter(({ Type, RW }) => Type === "volume" && RW)).toEqual([]);
    }
    await finished(submission);
  });

  test("a submission that prints all it can read finds no test, no reference, no seed", async () => {
    const submission = await here.submit(here.students[0]!, READER);
    const report = await finished(submission);
    const printed = report.tests.map(({ stdout }) => stdout).join("");
    expect(printed).toContain("ENVIRONMENT");
    const [attempt] = await rows<{ key: string }>(
      "select encode(key, 'hex') as key from attempts where subject = $1",
      [submission],
    );
    for (const secret of [...CANARIES, attempt!.key, "DATABASE", "postgres:", ...(await secretsOf(here))])
      expect(printed).not.toContain(secret);
    expect(printed).not.toContain("FOUND");
  });

  test("what is printed of a hidden test's inputs changes not a byte of the student's view", async () => {
    const views = [];
    for (const more of ["print(x)", "print(x + 1); raise ValueError(str(x))"]) {
      const submission = await here.submit(here.students[1]!, slow(0, more));
      await finished(submission);
      views.push(await reportNow(here.students[1]!, submission));
    }
    const [one, other] = views.map((view) => JSON.stringify(withoutOwnFigures(view)));
    expect(one).toBe(other);
    expect(one).toContain('"count":1');
  });

  test("a killed worker's attempt is finished once by another within 15 s and the grading time", async () => {
    here.worker();
    const submission = await here.submit(here.students[2]!, slow(4));
    await started(submission);
    await sleep(500);
    const [running] = await rows<{ pid: number }>(
      "select w.pid from attempts a join workers w on w.id::text = a.worker::text where a.subject = $1 and a.state = 'running'",
      [submission],
    );
    const killedAt = Date.now();
    process.kill(running!.pid, "SIGKILL");
    const report = await finished(submission, 40);
    expect(Date.now() - killedAt).toBeLessThan(15_000 + 4_000 + 6_000);
    expect(report.tests.map(({ verdict }) => verdict)).toEqual(["passed", "passed"]);
    const states = await rows<{ state: string; is_final: boolean }>(
      "select state, is_final from attempts where subject = $1 order by number",
      [submission],
    );
    expect(states.filter((row) => row.is_final)).toHaveLength(1);
    expect(states.map((row) => row.state)).toEqual(["infrastructure", "finished"]);
  });

  test("two workers share a burst of 50: nothing lost, nothing graded twice", async () => {
    here.worker();
    const submissions = await Promise.all(
      here.students.map(async (student, which) => {
        const ids: string[] = [];
        for (let n = which; n < 50; n += here.students.length)
          ids.push(await here.submit(student, `${REFERENCE}# ${n}\n`));
        return ids;
      }),
    );
    const ids = submissions.flat();
    expect(ids).toHaveLength(50);
    for (const id of ids) expect((await finished(id, 200)).score).toBe(10_000);
    const [counted] = await rows<{ attempts: number; final: number; results: number }>(
      `select count(*)::int as attempts, count(*) filter (where is_final)::int as final,
         (select count(*)::int from test_results r join attempts b on b.id = r.attempt_id where b.subject = any($1)) as results
       from attempts where subject = any($1)`,
      [ids as never],
    );
    expect(counted).toEqual({ attempts: 50, final: 50, results: 100 });
  });

  test("after all this no log holds a secret, however much it says", async () => {
    const secrets = [
      ...(await secretsOf(here)),
      ...(await rows<{ key: string }>("select encode(key, 'hex') as key from attempts")).map(
        ({ key }) => key,
      ),
      ...(await rows<{ s: string }>("select encode(secret, 'hex') as s from suite_versions")).map(
        ({ s }) => s,
      ),
      ...(await rows<{ token: string }>("select token from sessions")).map(({ token }) => token),
      ...CANARIES,
    ];
    const logs = await logsOf(here.home);
    expect(Object.keys(logs).join()).toMatch(/serve\.log.*worker\.log|worker\.log.*serve\.log/);
    // They do say what happened.
    expect(Object.values(logs).join("")).toContain("the worker takes jobs");
    const found = Object.entries(logs).flatMap(([file, text]) =>
      secrets.filter((secret) => text.includes(secret)).map((secret) => [file, secret.slice(0, 8)]),
    );
    expect(secrets.length).toBeGreaterThan(50);
    expect(found).toEqual([]);
  });
});

/** Passwords and tokens of people, passwords of the database's roles, the secret that signs sessions. */
async function secretsOf({ home, students, admin, instructor }: Installation): Promise<string[]> {
  const files = [
    "auth-secret",
    ...["", ".web", ".worker", ".reader"].map((role) => `postgres/password${role}`),
  ];
  const kept = await Promise.all(files.map((file) => readFile(join(home, file), "utf8")));
  return [
    PASSWORD,
    ...[admin, instructor, ...students].map(({ token }) => token ?? "no token"),
    ...kept.map((secret) => secret.trim()),
  ];
}

async function logsOf(home: string): Promise<Record<string, string>> {
  const logs: Record<string, string> = {};
  for (const folder of [home, join(home, "postgres"), join(home, "postgres/data/log")]) {
    for (const name of await readdir(folder))
      if (name.endsWith(".log")) logs[join(folder, name)] = await readFile(join(folder, name), "utf8");
  }
  return logs;
}

/** A view less what differs from run to run by itself: ids, times, figures of the visible test. */
function withoutOwnFigures(view: unknown): unknown {
  const own = new Set([
    "id",
    "number",
    "createdAt",
    "startedAt",
    "finishedAt",
    "wallMs",
    "cpuMs",
    "peakBytes",
  ]);
  return JSON.parse(JSON.stringify(view, (key, value) => (own.has(key) ? undefined : value)));
}
