// A named mistake, as a report says it.
import { z } from "zod";
import { wordsRecord } from "./words.ts";

export const diagnosis = z.object({
  /** The mutant's name in its suite; two joined by " + " where two mistakes together give these answers. */
  mutant: z.string(),
  title: wordsRecord,
  hint: wordsRecord,
  evidence: z.object({
    /** Answers of the test; all of them are the mutant's. */
    calls: z.int(),
    /** Those that are not the reference's. */
    differing: z.int(),
    /** The function that gave the first of these. */
    function: z.string(),
  }),
  /** Mistakes that answer alike in this test and explain the others as well: for staff. */
  others: z.array(z.string()),
});
export type Diagnosis = z.infer<typeof diagnosis>;
