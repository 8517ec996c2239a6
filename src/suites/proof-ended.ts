// What the course side does when a run of a proof has ended; bound in cli/worker.ts, runs in the engine's transaction.
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { EndedHandler } from "../grading/announce.ts";
import { cancelBatch } from "../grading/batch.ts";
import { type Attempt, attempts, testResults } from "../grading/tables.ts";
import { type EndedRun, nameOfRun, proofRunsOf } from "../judge/plan.ts";
import { proofOf, setupProof } from "../judge/proof.ts";
import type { Report, TestReport } from "../judge/report.ts";
import type { Tx } from "../platform/database.ts";
import type { Queue } from "../platform/queue.ts";
import { changeVersion, logVersion, stepVersion } from "./publish.ts";
import { versionColumns } from "./suites.ts";
import {
  type DeclaredSuiteTest,
  type SuiteProof,
  type SuiteProofRun,
  suiteProofRuns,
  suiteProofs,
  suites,
  suiteVersions,
} from "./tables.ts";

/** Weighs a proof when its last run has ended; ends it early where a run cannot be made. */
export function weighWhenEnded(queue: Queue): EndedHandler {
  return async (tx, attempt) => {
    const [run] = await tx
      .select()
      .from(suiteProofRuns)
      .where(and(eq(suiteProofRuns.subject, attempt.subject)));
    if (!run) return;
    // Its row is the lock: the two last runs may end at once, on two machines.
    const [proof] = await tx.select().from(suiteProofs).where(eq(suiteProofs.id, run.proofId)).for("update");
    if (proof?.state !== "running") return;
    if (attempt.state === "needs_attention") await failProof(tx, queue, proof, run, attempt);
    else if ((await leftOf(tx, proof)) === 0) await weigh(tx, proof);
  };
}

async function leftOf(tx: Tx, { id }: SuiteProof): Promise<number> {
  return tx.$count(
    suiteProofRuns,
    sql`${suiteProofRuns.proofId} = ${id} and not exists (select 1 from ${attempts}
      where ${attempts.subject} = ${suiteProofRuns.subject} and ${attempts.run} = ${id}::text and ${attempts.isFinal})`,
  );
}

async function failProof(tx: Tx, queue: Queue, proof: SuiteProof, run: SuiteProofRun, attempt: Attempt) {
  const fault = `${nameOfRun(run)}: ${attempt.fault ?? ""}`;
  await tx
    .update(suiteProofs)
    .set({ state: "failed", fault, endedAt: sql`now()` })
    .where(eq(suiteProofs.id, proof.id));
  await cancelBatch(tx, queue, [proof.id]);
  await settle(tx, proof.versionId, false, { fault });
}

async function weigh(tx: Tx, proof: SuiteProof): Promise<void> {
  const [version] = await tx
    .select(versionColumns)
    .from(suiteVersions)
    .where(eq(suiteVersions.id, proof.versionId));
  const { config, hash } = version!;
  const ended = await endedRuns(tx, proof);
  const suite = { id: config.id, hash, starterMax: config.starter_max, seeds: proof.seeds };
  const weighed =
    config.mode === "gradescope"
      ? setupProof({ config, hash })
      : proofOf(proofRunsOf(suite, ended, proof.emptyZip));
  const reference = ended.find(({ kind }) => kind === "reference");
  const tests = reference?.report.tests.map(declared) ?? [];
  await tx
    .update(suiteProofs)
    .set({ state: "ended", endedAt: sql`now()` })
    .where(eq(suiteProofs.id, proof.id));
  await settle(tx, proof.versionId, weighed.ok, { problems: weighed.problems.length });
  // What graded somebody is never declared anew by a later proof.
  const known = version!.state === "published" && version!.tests !== null;
  await changeVersion(tx, proof.versionId, {
    proof: weighed,
    // An autograder declares nothing: each run names the tests that it liked to make.
    ...(known || config.mode === "gradescope" ? {} : { tests }),
  });
}

async function settle(tx: Tx, versionId: string, ok: boolean, detail: Record<string, unknown>) {
  const state = await stepVersion(tx, versionId, { type: "proof", ok });
  await changeVersion(tx, versionId, { state });
  const [suite] = await tx
    .select({ courseId: suites.courseId })
    .from(suites)
    .innerJoin(suiteVersions, eq(suiteVersions.suiteId, suites.id))
    .where(eq(suiteVersions.id, versionId));
  await logVersion(tx, null, suite!.courseId, "suite.proof_ended", versionId, { ok, ...detail });
}

async function endedRuns(tx: Tx, { id }: SuiteProof): Promise<EndedRun[]> {
  const rows = await tx
    .select({ run: suiteProofRuns, attemptId: attempts.id, report: attempts.report })
    .from(suiteProofRuns)
    .innerJoin(
      attempts,
      and(eq(attempts.subject, suiteProofRuns.subject), eq(attempts.run, id), eq(attempts.isFinal, true)),
    )
    .where(eq(suiteProofRuns.proofId, id))
    .orderBy(asc(suiteProofRuns.position));
  const results = await tx
    .select({ attemptId: testResults.attemptId, result: testResults.result })
    .from(testResults)
    .where(
      inArray(
        testResults.attemptId,
        rows.map(({ attemptId }) => attemptId),
      ),
    )
    .orderBy(asc(testResults.position));
  const tests = Map.groupBy(results, ({ attemptId }) => attemptId);
  return rows.map(({ run, attemptId, report }) => ({
    ...{ kind: run.kind, name: run.name, expected: run.expected, flagged: run.flagged },
    report: { ...report, tests: (tests.get(attemptId) ?? []).map(({ result }) => result) } as Report,
  }));
}

function declared({ name, title, number, max, visibility, stage, tags }: TestReport): DeclaredSuiteTest {
  return { name, title, number, max, visibility, tags, ...(stage && { stage }) };
}
