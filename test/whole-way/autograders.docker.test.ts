// An instructor's unmodified Gradescope autograder, from its upload to a student's report.
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { handIn, must, testCourse, zipOf } from "../../src/api/testing/course.ts";
import { as, testServer } from "../../src/api/testing/server.ts";
import { gradeWith } from "../../src/cli/grade-attempt.ts";
import { courses } from "../../src/courses/tables.ts";
import { Worker } from "../../src/grading/worker.ts";
import { openSandboxPool, type SandboxPool } from "../../src/sandbox/pool.ts";
import { freshHome, whyNoSandbox } from "../../src/sandbox/testing/fixtures.ts";
import { learnFromEnded } from "../../src/submissions/attempt-ended.ts";
import { weighWhenEnded } from "../../src/suites/proof-ended.ts";
import { testLanes, testLog } from "../support/database.ts";
import { until } from "../support/until.ts";

const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);

/** Counts forerunners by its metadata, and hides one test. */
const autograder = {
  "setup.sh": "#!/bin/bash\nexit 0\n",
  run_autograder: `#!/usr/bin/env python3
import json
meta = json.load(open("/autograder/submission_metadata.json"))
before = meta["previous_submissions"]
seen = {"name": "Name", "score": 4, "max_score": 5, "output": "<b>well</b> done", "output_format": "html"}
later = {"name": "Later", "score": 2, "max_score": 5, "visibility": "after_published"}
json.dump({
    "tests": [seen, later],
    "output": "%s, submission %d, before %s" % (meta["users"][0]["name"], len(before) + 1, before and before[-1]["results"]["extra_data"]),
    "extra_data": {"n": len(before)},
}, open("/autograder/results/results.json", "w"))
print("a secret of the autograder's")
`,
};

describe.skipIf(skipped !== null)("an unmodified autograder's ZIP", { timeout: 240_000 }, async () => {
  const server = skipped ? null! : await testServer();
  const course = skipped ? null! : await testCourse(server);
  let pool: SandboxPool;
  let worker: Worker;

  beforeAll(async () => {
    const { db, queue, blobs } = server.services;
    const database = server.owner.as("worker");
    pool = await openSandboxPool({ home: freshHome().path, background: false });
    const common = { database, queue, lanes: testLanes, slots: 1, teamSlots: 1, log: testLog };
    const onEnded = [learnFromEnded, weighWhenEnded(queue)];
    worker = await Worker.start({ ...common, grade: gradeWith(pool, blobs), onEnded });
    await db.update(courses).set({ autograders: false }).where(eq(courses.slug, course.slug));
  });
  afterAll(async () => {
    await worker.drain();
    await pool.close();
  });

  const register = () =>
    as(server, course.instructor, `/courses/${course.slug}/suites`, {
      body: zipOf(autograder),
      type: "application/zip",
    });

  test("is refused with what to do while an administrator has not allowed it", async () => {
    const { status, body } = await register();
    expect(status).toBe(403);
    expect(body).toMatchObject({ error: { code: "autograders_not_allowed" } });
  });

  test("is proved by its setup.sh, published, and grades with its metadata and its own visibility", async () => {
    const { db } = server.services;
    await db.update(courses).set({ autograders: true }).where(eq(courses.slug, course.slug));
    const { id } = await must(register());
    const version = () => must(as(server, course.instructor, `/suite-versions/${id}`));
    await must(as(server, course.instructor, `/suite-versions/${id}/validation`, { method: "POST" }));
    await until("its image is made", async () => (await version()).state !== "validating", 120_000);
    expect(await version()).toMatchObject({ state: "proved", problems: [] });
    await must(as(server, course.instructor, `/suite-versions/${id}/publish`, { json: {} }));
    const made = await must(
      as(server, course.instructor, `/courses/${course.slug}/assignments`, {
        json: { slug: "imported", title: { en: "I", zh: "I" }, state: "open", suiteVersionId: id },
      }),
    );

    const grade = async (text: string) => {
      const { id: submission } = await handIn(server, course.student, made.id, zipOf({ "a.txt": text }));
      const report = () => must(as(server, course.student, `/submissions/${submission}/report`));
      return until(
        "it is graded",
        async () => {
          const now = await report();
          return now.attempt.state === "finished" && now;
        },
        60_000,
      );
    };
    const first = await grade("one");
    expect(first).toMatchObject({ score: 400, max: 500, hidden: { count: 1, points: 500 } });
    expect(first.whole).toEqual({
      output: `${course.student.name}, submission 1, before []`,
      outputFormat: "simple_format",
      stdout: "",
    });
    expect(JSON.stringify(first)).not.toMatch(/Later|a secret of/);
    const second = await grade("two");
    expect(second.whole.output).toBe(`${course.student.name}, submission 2, before {'n': 0}`);
  });
});
