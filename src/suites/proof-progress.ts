// How far a version's proof is: for its page and its stream.
import { and, desc, eq, sql } from "drizzle-orm";
import type { AttemptState } from "../grading/states.ts";
import { attempts } from "../grading/tables.ts";
import type { RunKind } from "../judge/plan.ts";
import type { Executor } from "../platform/database.ts";
import type { VersionAccess } from "./suites.ts";
import { type SuiteProof, suiteProofRuns, suiteProofs } from "./tables.ts";

export interface ProofRunProgress {
  kind: RunKind;
  name: string;
  attemptId: string;
  state: AttemptState;
  /** Hundredths. */
  score: number | null;
  max: number | null;
}

export interface ProofProgress {
  proof: SuiteProof;
  runs: ProofRunProgress[];
  done: number;
}

/** The newest proof of a version that the viewer has in hand; null where none was ever asked for. */
export async function proofProgress(db: Executor, { version }: VersionAccess): Promise<ProofProgress | null> {
  const [proof] = await db
    .select()
    .from(suiteProofs)
    .where(eq(suiteProofs.versionId, version.id))
    .orderBy(desc(suiteProofs.startedAt))
    .limit(1);
  if (!proof) return null;
  const rows = await db
    .selectDistinctOn([suiteProofRuns.position], {
      kind: suiteProofRuns.kind,
      name: suiteProofRuns.name,
      attemptId: attempts.id,
      state: attempts.state,
      score: attempts.score,
      max: attempts.max,
    })
    .from(suiteProofRuns)
    .innerJoin(
      attempts,
      and(eq(attempts.subject, suiteProofRuns.subject), sql`${attempts.run} = ${proof.id}::text`),
    )
    .where(eq(suiteProofRuns.proofId, proof.id))
    .orderBy(suiteProofRuns.position, desc(attempts.number));
  return { proof, runs: rows, done: rows.filter(({ state }) => state === "finished").length };
}
