// Which named mistakes a student is told of: by the assignment's setting, else the suite's.
import { and, eq, inArray, lte, sql } from "drizzle-orm";
import type { Assignment } from "../assignments/tables.ts";
import { attempts, testResults } from "../grading/tables.ts";
import { type DiagnosisReaders, type SuiteConfig, suiteConfig } from "../judge/suite.ts";
import type { Executor } from "../platform/database.ts";
import { ofCountingRun } from "./counting-run.ts";
import { hasMember } from "./members.ts";
import { type Submission, submissions } from "./tables.ts";

export interface DiagnosisRule {
  readers: DiagnosisReaders;
  /** For `after_attempts`: submissions that failed the same test. */
  attempts: number;
}

const unsaid = suiteConfig.shape.diagnosis.parse({});

/** Versions from before have no such setting: a student is told after the second failure. */
export function diagnosisRule(
  assignment: Pick<Assignment, "diagnosisReaders" | "diagnosisAttempts">,
  config: SuiteConfig,
): DiagnosisRule {
  const suite: SuiteConfig["diagnosis"] = { ...unsaid, ...config.diagnosis };
  return {
    readers: assignment.diagnosisReaders ?? suite.students,
    attempts: assignment.diagnosisAttempts ?? suite.attempts,
  };
}

interface Asked {
  submission: Submission;
  personId: string;
  /** Tests of this submission with a named mistake. */
  named: string[];
}

/** Those of `named` that the student may be told of. Failures count up to this submission, so it says the same later. */
export async function openDiagnoses(
  db: Executor,
  rule: DiagnosisRule,
  { submission, personId, named }: Asked,
): Promise<ReadonlySet<string>> {
  if (named.length === 0 || rule.readers === "staff") return new Set();
  if (rule.readers === "at_once" || rule.attempts <= 1) return new Set(named);
  const rows = await db
    .select({ name: testResults.name })
    .from(submissions)
    .innerJoin(attempts, and(ofCountingRun(), eq(attempts.isFinal, true)))
    .innerJoin(testResults, eq(testResults.attemptId, attempts.id))
    .where(
      and(
        eq(submissions.assignmentId, submission.assignmentId),
        hasMember(personId),
        lte(submissions.receivedAt, submission.receivedAt),
        inArray(testResults.name, named),
        sql`${testResults.score} < ${testResults.max}`,
      ),
    )
    .groupBy(testResults.name)
    .having(sql`count(*) >= ${rule.attempts}`);
  return new Set(rows.map(({ name }) => name));
}
