// Gradings recorded as a worker records them: claimed by token, results as they come, one end.
import { randomUUID } from "node:crypto";
import { type ClaimedAttempt, startAttempt } from "../../src/grading/attempts.ts";
import { finishAttempt, recordResults } from "../../src/grading/results.ts";
import type { Services } from "../../src/http/services.ts";
import type { Report, TestReport } from "../../src/judge/report.ts";
import type { Words } from "../../src/judge/words.ts";
import { currentAttempts } from "../../src/submissions/submissions.ts";

/** Takes a submission's waiting attempt into hands. */
export async function startGrading({ db, queue }: Services, submissionId: string): Promise<ClaimedAttempt> {
  const waiting = (await currentAttempts(db, [submissionId])).get(submissionId);
  const started = await startAttempt(db, queue, { id: waiting!.id, worker: randomUUID(), teamSlots: 100 });
  if (!started) throw new Error(`nothing to grade for ${submissionId}`);
  return started;
}

export async function recordTest(
  { db }: Services,
  attempt: ClaimedAttempt,
  result: TestReport,
): Promise<void> {
  const written = await recordResults(db, attempt.token, [{ position: Number(result.number), result }]);
  if (!written) throw new Error("the token no longer counts");
}

export async function endGrading(
  { db, queue }: Services,
  attempt: ClaimedAttempt,
  tests: TestReport[],
  flags: Words[] = [],
  leaderboard: Report["leaderboard"] = [],
): Promise<void> {
  const report = { ...reportWith(attempt, tests, flags), leaderboard };
  const ended = await finishAttempt(db, queue, attempt.token, report);
  if (!ended) throw new Error("the token no longer counts");
}

export async function finishGrading(
  services: Services,
  submissionId: string,
  tests: TestReport[],
  flags: Words[] = [],
): Promise<void> {
  await endGrading(services, await startGrading(services, submissionId), tests, flags);
}

export function reportWith(attempt: ClaimedAttempt, tests: TestReport[], flags: Words[] = []): Report {
  return {
    tests,
    score: tests.reduce((sum, test) => sum + test.score, 0),
    max: tests.reduce((sum, test) => sum + test.max, 0),
    wallMs: 1380,
    circumstances: {
      suite: attempt.suiteConfig.id,
      suiteHash: attempt.suiteHash,
      imageDigests: { student: `sha256:${"5".repeat(64)}`, harness: `sha256:${"a".repeat(64)}` },
      seed: attempt.key.toString("hex"),
      cpu: "x86-64-v3",
      libraries: { python: "3.13.5", numpy: "2.2.4" },
      gpu: null,
      limits: { per_test: 10 },
    },
    leaderboard: [],
    flags,
  };
}
