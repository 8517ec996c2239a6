// The report as the command line reads it: strict in what it prints, lenient in what it does not know.
import { z } from "zod";
import { testReport } from "../../judge/report.ts";

const shownTest = testReport.omit({ visibility: true });
const hiddenTests = z.object({ count: z.int(), points: z.int(), passed: z.int().nullable() });

export const shownReport = z.looseObject({
  score: z.int(),
  max: z.int(),
  tests: z.array(shownTest),
  hidden: z.looseObject(hiddenTests.shape).nullable(),
});

/** What each event of the stream carries. */
export const eventData = {
  cancelled: z.object({ refused: z.boolean().default(false) }),
  queue: z.object({ ahead: z.int() }),
  test: z.object({ test: shownTest }),
  hidden_running: z.object({ hidden: z.looseObject(hiddenTests.shape).nullable() }),
  finished: z.object({
    score: z.int(),
    max: z.int(),
    late: z.object({ days: z.int(), penalty: z.int() }),
    hidden: z.looseObject(hiddenTests.shape).nullable(),
  }),
};
