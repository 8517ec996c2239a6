// Into a graded attempt of hw4, with everything real: `assay debug` opens either sandbox on its files, writes nothing
// back, and takes it away as a bundle that `assay grade` runs without a server to the same verdicts. The same
// attempt's later stage is run by the same worker.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createAdaptorServer } from "@hono/node-server";
import AdmZip from "adm-zip";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { handIn, must, testCourse, zipOf } from "../../src/api/testing/course.ts";
import { as, testServer } from "../../src/api/testing/server.ts";
import { gradeWith } from "../../src/cli/grade-attempt.ts";
import { endedHandlers } from "../../src/cli/worker.ts";
import { BATCH_BELOW } from "../../src/grading/priority.ts";
import { attempts, testResults } from "../../src/grading/tables.ts";
import { Worker } from "../../src/grading/worker.ts";
import { mutantFiles, readSuite, type SuiteFile } from "../../src/judge/read-suite.ts";
import { openSandboxPool, type SandboxPool } from "../../src/sandbox/pool.ts";
import { freshHome, whyNoSandbox } from "../../src/sandbox/testing/fixtures.ts";
import { openAfterDue } from "../../src/submissions/stage-runs.ts";
import { testLanes, testLog } from "../support/database.ts";
import { until } from "../support/until.ts";

const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);

const ROOT = join(import.meta.dirname, "../..");
const LATER = `
from assay import both, points
STAGE = "after_due"

@points(7, title=both("Later", "稍后"))
def test_later(student, reference, rng):
    assert student.dtw is not None
`;
const asZip = (files: SuiteFile[]) =>
  zipOf(Object.fromEntries(files.map(({ path, bytes }) => [path, bytes])));

describe.skipIf(skipped !== null)("an attempt of hw4 and its bundle", { timeout: 240_000 }, async () => {
  const server = skipped ? null! : await testServer();
  const course = skipped ? null! : await testCourse(server);
  const listening = skipped ? null! : createAdaptorServer({ fetch: server.app.fetch });
  const { db, blobs, queue } = server?.services ?? {};
  const suite = await readSuite(join(ROOT, "graders/hw4-dtw"));
  const work = mutantFiles(suite, suite.mutants[0]!);
  let folder: string;
  let pool: SandboxPool;
  let worker: Worker;
  let assignment: string;
  let submission: string;
  let attempt: string;

  /** The command line as somebody's, in a folder of its own; whatever it ended with. */
  async function assay(args: string[], who = course.ta): Promise<{ code: number; out: string; err: string }> {
    const { port } = listening.address() as AddressInfo;
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      ASSAY_HOME: join(folder, "home"),
      ...{ ASSAY_SERVER: `http://127.0.0.1:${port}`, ASSAY_TOKEN: who.token },
    };
    const options = { cwd: folder, env, timeout: 120_000, maxBuffer: 1 << 26 };
    const ran = promisify(execFile)(process.execPath, [join(ROOT, "bin/assay.mjs"), ...args], options);
    ran.child.stdin?.end();
    return ran.then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
    );
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "assay-debug-test-"));
    await once(listening.listen(0, "127.0.0.1"), "listening");
    pool = await openSandboxPool({ home: freshHome().path, background: false });
    worker = await Worker.start({
      ...{ queue, lanes: testLanes, slots: 1, teamSlots: 1, log: testLog },
      database: server.owner.as("worker"),
      grade: gradeWith(pool, blobs),
      onEnded: endedHandlers(queue),
    });
    const files = [...suite.files, { path: "tests/test_later.py", bytes: Buffer.from(LATER) }];
    const zip = { body: asZip(files), type: "application/zip" };
    const { id: suiteVersionId } = await must(
      as(server, course.instructor, `/courses/${course.slug}/suites`, zip),
    );
    const unproved = { json: { unproved: "proved elsewhere" } };
    await must(as(server, course.instructor, `/suite-versions/${suiteVersionId}/publish`, unproved));
    const dueAt = new Date(Date.now() + 3_600_000).toISOString();
    const made = { slug: "hw4", title: { en: "DTW", zh: "DTW" }, state: "open", suiteVersionId, dueAt };
    ({ id: assignment } = await must(
      as(server, course.instructor, `/courses/${course.slug}/assignments`, { json: made }),
    ));
    const receipt = await handIn(server, course.student, assignment, asZip(work));
    submission = receipt.id;
    attempt = receipt.attempt.id;
    await until(
      "it is graded",
      async () => (await must(as(server, course.ta, `/attempts/${attempt}`))).state === "finished",
      120_000,
    );
    await until("its end is told", async () => (await stored()).attempts[0]?.announcedAt != null);
  }, 180_000);
  afterAll(async () => {
    await worker?.drain();
    await pool?.close();
    listening?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const stored = async () => ({
    attempts: await db.select().from(attempts),
    results: await db.select().from(testResults).orderBy(testResults.attemptId, testResults.position),
  });

  const keyNow = async () => (await stored()).attempts[0]!.key.toString("hex");

  test("a command runs in the student's sandbox on the very files, and knows neither tests nor seed", async () => {
    const before = await stored();
    const script =
      "cat dtw.py; echo ---; pwd; ls /opt/assay /tmp; env; cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; echo no > dtw.py; exit 7";
    const { code, out } = await assay(["debug", attempt, "--", "sh", "-c", script]);
    expect(code).toBe(7);
    const [file, rest] = out.split("---\n");
    expect(file).toBe(work.find(({ path }) => path === "dtw.py")!.bytes.toString("utf8"));
    expect(rest).toMatch(/^\/tmp\/submission\n/);
    expect(rest).toContain(String(1024 ** 3));
    const key = await keyNow();
    expect(rest).not.toMatch(/harness|suite|ASSAY_SEED/);
    expect(rest).not.toContain(key);
    expect(await stored()).toEqual(before);
  });

  test("the harness's sandbox holds the suite and the attempt's seed, and nothing of the student's", async () => {
    const script = "ls; echo $ASSAY_SEED; python3 -c 'import assay; print(assay.__name__)'; ls /tmp";
    const { code, out, err } = await assay(["debug", attempt, "--in", "harness", "--", "sh", "-c", script]);
    expect({ code, err }).toMatchObject({ code: 0 });
    const key = await keyNow();
    expect(out.split("\n")).toEqual(expect.arrayContaining(["tests", "reference", key, "assay"]));
    expect(out).not.toContain("submission");
  });

  test("its bundle is graded without a server to the same verdicts and points; a changed one is found out", async () => {
    expect((await assay(["debug", attempt, "--bundle", "one.zip"])).code).toBe(0);
    const { code, out } = await assay(["grade", "one.zip", "--json"]);
    const { compared, tests, circumstances } = JSON.parse(out);
    expect({ code, compared }).toEqual({ code: 0, compared: { equal: true, tests: [], otherwise: [] } });
    const results = (await stored()).results.filter(({ attemptId }) => attemptId === attempt);
    expect(results.length).toBeGreaterThan(5);
    const words = (all: { name: string; verdict: string; score: number; max: number }[]) =>
      all.map(({ name, verdict, score, max }) => `${name} ${verdict} ${score}/${max}`).sort();
    expect(words(tests)).toEqual(words(results.map(({ result }) => result)));
    expect(new Set(tests.map(({ verdict }: { verdict: string }) => verdict)).size).toBeGreaterThan(1);
    const key = await keyNow();
    expect(circumstances.seed).toBe(key);

    const { name: passed } = results.find(({ result }) => result.verdict === "passed")!;
    const changed = async (name: string, change: (text: string) => string) => {
      const zip = new AdmZip(await readFile(join(folder, "one.zip")));
      zip.updateFile(name, Buffer.from(change(zip.readAsText(name))));
      await writeFile(join(folder, "changed.zip"), zip.toBuffer());
      return assay(["grade", "changed.zip", "--only", passed]);
    };
    const other = await changed("bundle.json", (text) =>
      text.replace('"verdict": "passed"', '"verdict": "killed"'),
    );
    expect(other).toMatchObject({ code: 1, out: expect.stringContaining(`≠ ${passed}: was killed`) });
    expect(await changed("submission.tar", (text) => text.replace("def", "DEF"))).toMatchObject({ code: 2 });
  });

  test("a student gets no bundle, not even of their own; each look of the staff is in the log", async () => {
    const { code, out } = await assay(["debug", attempt, "--bundle", "own.zip"], course.student);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    const { items } = await must(as(server, course.instructor, `/courses/${course.slug}/audit`));
    const looks = items.filter(
      ({ action, detail }: { action: string; detail: { what?: string } }) =>
        action === "submission.viewed" && detail.what === "bundle",
    );
    expect(looks).toHaveLength(3);
  });

  test("past the deadline the attempt that counts runs its later stage once, below all live work", async () => {
    const dueAt = new Date(Date.now() - 120_000).toISOString();
    await must(
      as(server, course.instructor, `/assignments/${assignment}`, { method: "PATCH", json: { dueAt } }),
    );
    expect([await openAfterDue(db, queue), await openAfterDue(db, queue)]).toEqual([1, 0]);
    const report = () => must(as(server, course.student, `/submissions/${submission}/report`));
    const before = await stored();
    await until(
      "its later test has run",
      async () => (await report()).tests.some(({ name }: { name: string }) => name === "test_later"),
      60_000,
    );
    const stage = and(eq(attempts.subject, submission), eq(attempts.run, "after_due"));
    const [later, ...more] = await db.select().from(attempts).where(stage);
    expect(more).toEqual([]);
    expect(later).toMatchObject({ state: "finished", score: 700, max: 700 });
    expect(later!.priority).toBeLessThanOrEqual(-BATCH_BELOW);
    const [was] = before.attempts.filter(({ id }) => id === attempt);
    const [is] = (await stored()).attempts.filter(({ id }) => id === attempt);
    expect([is!.score, is!.max]).toEqual([was!.score! + 700, was!.max! + 700]);
    expect(await openAfterDue(db, queue)).toBe(0);
    // The attempt's own bundle goes on being what that attempt was.
    const { out } = await assay(["debug", attempt, "--json"]);
    expect(JSON.parse(out).results.map(({ name }: { name: string }) => name)).not.toContain("test_later");
  });
});
