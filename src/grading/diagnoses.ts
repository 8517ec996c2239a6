// Named mistakes, written when the report has long been whole. They change no score and no state that anybody waits for.
import { and, eq, sql } from "drizzle-orm";
import type { TestDiagnosis } from "../judge/diagnosis.ts";
import { type Executor, transaction } from "../platform/database.ts";
import { notify } from "../platform/events.ts";
import { storable } from "./storable.ts";
import { type Attempt, attempts, testResults } from "./tables.ts";

/** What was found in a finished attempt, maybe nothing: a page that waits for it hears of its end either way. */
export function recordDiagnoses(
  db: Executor,
  { id, subject }: Pick<Attempt, "id" | "subject">,
  found: TestDiagnosis[],
): Promise<void> {
  return transaction(db, async (tx) => {
    await tx.update(attempts).set({ diagnosing: false }).where(eq(attempts.id, id));
    for (const { test, diagnosis } of found) {
      const [made] = await tx
        .update(testResults)
        .set({ diagnosis: storable(diagnosis) })
        .where(and(eq(testResults.attemptId, id), eq(testResults.name, test)))
        .returning({ result: testResults.result });
      // A later stage's results were put into the submission's report when they ended: the same rows once more.
      if (made)
        await tx.execute(sql`update ${testResults} set diagnosis = ${JSON.stringify(storable(diagnosis))}::text::jsonb
        where name = ${test} and result = ${JSON.stringify(made.result)}::text::jsonb and attempt_id in (
          select ${attempts.id} from ${attempts} where ${attempts.subject} = ${subject} and ${attempts.isFinal} and ${attempts.id} <> ${id}::uuid)`);
    }
    await notify(tx, "attempt_changed", id);
  });
}
