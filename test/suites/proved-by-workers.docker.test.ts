// A suite registered over HTTP is proved by a worker with real sandboxes, run by run, and refused where it must be.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { must, testCourse, zipOf } from "../../src/api/testing/course.ts";
import { as, testServer } from "../../src/api/testing/server.ts";
import { gradeWith } from "../../src/cli/grade-attempt.ts";
import { Worker } from "../../src/grading/worker.ts";
import { openSandboxPool, type SandboxPool } from "../../src/sandbox/pool.ts";
import { whyNoSandbox } from "../../src/sandbox/testing/fixtures.ts";
import { weighWhenEnded } from "../../src/suites/proof-ended.ts";
import { testLanes, testLog } from "../support/database.ts";
import { until } from "../support/until.ts";

const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);
const PROOF_MS = 240_000;

const good = {
  "grader.yaml": `id: hw9
title: { en: Nine, zh: 九 }
preload: [numpy]
files: { required: [work.py] }
limits: { memory: 512MiB, per_test: 5s, wall: 60s }
`,
  "tests/test_work.py": `from assay import close, points

@points(100)
def test_twice(student, reference, rng):
    x = rng.standard_normal(3)
    assert close(student.work.twice(x), reference.work.twice(x))
`,
  "reference/work.py": "def twice(x):\n    return 2 * x\n",
  "starter/work.py": "def twice(x):\n    raise NotImplementedError\n",
  "mutants/three-times/mutant.yaml":
    'title: t\nhint: h\nchange: { file: work.py, find: "2 * x", replace: "3 * x" }\nfails: [test_twice]\n',
};

describe.skipIf(skipped)("a proof by workers", { timeout: PROOF_MS + 30_000 }, async () => {
  const server = await testServer();
  const course = await testCourse(server);
  let home = "";
  let pool: SandboxPool;
  let worker: Worker;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "assay-proved-"));
    pool = await openSandboxPool({ home });
    const { queue, blobs } = server.services;
    const database = server.owner.as("worker");
    const options = { database, queue, lanes: testLanes, slots: 2, teamSlots: 2, log: testLog };
    worker = await Worker.start({
      ...options,
      grade: gradeWith(pool, blobs),
      onEnded: [weighWhenEnded(queue)],
    });
  });
  afterAll(async () => {
    await worker?.drain();
    await pool?.close();
    await rm(home, { recursive: true, force: true });
  });

  const proved = async (files: Record<string, string>) => {
    const body = { body: zipOf(files), type: "application/zip" };
    const { id } = await must(as(server, course.instructor, `/courses/${course.slug}/suites`, body));
    await must(as(server, course.instructor, `/suite-versions/${id}/validation`, { method: "POST" }));
    return until(
      "it is proved or refused",
      async () => {
        const version = await must(as(server, course.instructor, `/suite-versions/${id}`));
        return version.state !== "validating" && version;
      },
      PROOF_MS,
    );
  };

  test("holds for a suite as it should be", async () => {
    const version = await proved(good);
    expect(version).toMatchObject({ state: "proved", problems: [] });
    expect(version.proof.mutants).toMatchObject([{ name: "three-times", killed_by: ["test_twice"] }]);
    expect(version.proof.reference.scores).toEqual([100, 100, 100]);
    expect(version.declared).toMatchObject([{ name: "test_twice", max: 10_000 }]);
  });

  test("says of tests that cannot be collected why, and tries nothing else", async () => {
    const version = await proved({ ...good, "tests/test_work.py": "import nothing_of_this_name\n" });
    expect(version).toMatchObject({ state: "refused", proof: null });
  });
});
