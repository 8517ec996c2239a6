// Attempts as a test needs them: real rows and jobs, of a suite and an archive that need not be graded.
import { randomUUID } from "node:crypto";
import { enqueueAttempt, type NewAttempt } from "../../src/grading/attempts.ts";
import type { Attempt } from "../../src/grading/tables.ts";
import type { Report, TestReport } from "../../src/judge/report.ts";
import { suiteConfig } from "../../src/judge/suite.ts";
import { type Database, transaction } from "../../src/platform/database.ts";
import type { Queue } from "../../src/platform/queue.ts";

export function newAttempt(given: Partial<NewAttempt> = {}): NewAttempt {
  return {
    subject: randomUUID(),
    run: "submit",
    archive: { blob: "a".repeat(64), hash: "a".repeat(64), bytes: 1000 },
    suite: {
      blob: "b".repeat(64),
      hash: "b".repeat(64),
      config: suiteConfig.parse({ id: "demo", title: "Demo" }),
    },
    key: Buffer.alloc(32, 7),
    lane: "cpu",
    team: randomUUID(),
    ...given,
  };
}

export function enqueue(database: Database, queue: Queue, given: Partial<NewAttempt> = {}): Promise<Attempt> {
  return transaction(database.db, (tx) => enqueueAttempt(tx, queue, newAttempt(given)));
}

export function testReport(number: number, given: Partial<TestReport> = {}): TestReport {
  return {
    name: `test_${number}`,
    title: { en: `Test ${number}`, zh: `测试 ${number}` },
    number: String(number),
    verdict: "passed",
    score: 100,
    max: 100,
    visibility: "visible",
    tags: [],
    message: null,
    traceback: null,
    stdout: "",
    wallMs: 1,
    cpuMs: 1,
    peakBytes: null,
    artifacts: [],
    extra: {},
    ...given,
  };
}

export function reportOf(tests: TestReport[]): Report {
  const sum = (of: (test: TestReport) => number) => tests.reduce((total, test) => total + of(test), 0);
  return {
    tests,
    score: sum((test) => test.score),
    max: sum((test) => test.max),
    wallMs: 10,
    circumstances: {
      suite: "demo",
      suiteHash: "b".repeat(64),
      imageDigests: { student: "s", harness: "h" },
      seed: "07",
      cpu: "any",
      libraries: {},
      gpu: null,
      limits: {},
    },
    leaderboard: [],
    flags: [],
  };
}
