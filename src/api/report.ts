// The report of a submission as it is sent: whatever stands here came from `viewReport`.
import { z } from "@hono/zod-openapi";
import {
  artifact,
  outputFormats,
  report,
  testReport,
  visibility,
  type WholeOutput,
} from "../judge/report.ts";
import type { ReportView } from "../submissions/view-report.ts";
import { hundredths, id, iso, moment } from "./answers.ts";

export const attemptWord = z.enum(["waiting", "running", "finished", "cancelled", "delayed"]).openapi({
  description: "`delayed`: a fault of ours; a person looks at it, and it costs no points and no attempt.",
});
export const attempt = z
  .object({
    id,
    number: z.int(),
    state: attemptWord,
    refused: z.boolean().openapi({
      description:
        "It ended at the preflight, on a CPU: no attempt was used, and its tests say what is wrong.",
    }),
    ahead: z.int().nullable().openapi({ description: "Waiting attempts that go first." }),
    createdAt: moment,
    startedAt: moment.nullable(),
    finishedAt: moment.nullable().openapi({ description: "Not told while tests are hidden." }),
  })
  .openapi("Attempt");

const shownTest = testReport
  .extend({ artifacts: z.array(artifact), visibility: visibility.optional() })
  .openapi("TestReport");
const leaderboard = z.array(report.shape.leaderboard.element.partial({ test: true }));
const circumstances = report.shape.circumstances
  .partial({ imageDigests: true, seed: true, limits: true })
  .extend({ gpu: report.shape.circumstances.shape.gpu.unwrap().partial({ peakBytes: true }).nullable() });

const points = z
  .object({
    tests: hundredths,
    testsMax: hundredths,
    rubric: hundredths,
    rubricMax: hundredths,
    late: hundredths.openapi({ description: "Taken, from tests and rubric together." }),
    adjustments: z.array(z.object({ points: hundredths, reason: z.string() })),
    floor: hundredths.openapi({ description: "Given back, so that the total is never below 0." }),
    total: hundredths,
    max: hundredths,
  })
  .openapi("Points", {
    description:
      "tests + rubric − late + adjustments + floor = total, over what is shown; what people gave is shown with the " +
      "results' publication.",
  });

export const reportBody = z
  .object({
    attempt,
    late: z.object({ days: z.int(), penalty: hundredths }),
    score: hundredths.openapi({ description: "Over the tests that are shown, before lateness." }),
    max: hundredths,
    points,
    feedback: z
      .enum(["full", "verdicts", "received"])
      .openapi({ description: "Less for what came beyond a quota, until nobody can hand in any more." }),
    tests: z.array(shownTest),
    hidden: z
      .object({
        count: z.int(),
        points: hundredths,
        passed: z.int().nullable(),
        opens: z.array(z.enum(["after_due_date", "after_published"])),
      })
      .nullable(),
    hiddenRunning: z.boolean(),
    whole: z
      .object({ output: z.string().nullable(), outputFormat: z.enum(outputFormats), stdout: z.string() })
      .nullable()
      .openapi({
        description: "Only of a Gradescope autograder, which runs in one container with the submission.",
      }),
    leaderboard,
    circumstances: circumstances.nullable(),
    otherDevice: z
      .object({ was: z.string().nullable(), is: z.string().nullable() })
      .nullable()
      .openapi({ description: "Of a re-run on another model of GPU than before; null in it is a CPU." }),
    staff: z
      .object({
        wallMs: z.number().nullable(),
        flags: z.array(z.object({ en: z.string(), zh: z.string() })),
        fault: z.string().nullable(),
        worker: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: "Only for staff." }),
  })
  .openapi("Report");

export function attemptAnswer(view: ReportView["attempt"]): z.infer<typeof attempt> {
  const { id, number, state, refused, ahead } = view;
  const times = {
    createdAt: view.createdAt.toISOString(),
    startedAt: iso(view.startedAt),
    finishedAt: iso(view.finishedAt),
  };
  return { id, number, state, refused, ahead, ...times };
}

function pointsAnswer({ points: sum, byHand }: ReportView): z.infer<typeof points> {
  const { tests, testsMax, rubric, rubricMax, late, floor, total, max } = sum;
  const adjustments = (byHand?.adjustments ?? []).map(({ points, reason }) => ({ points, reason }));
  return { tests, testsMax, rubric, rubricMax, late, adjustments, floor, total, max };
}

const wholeAnswer = ({ output, outputFormat, stdout }: WholeOutput) => ({ output, outputFormat, stdout });

export function reportAnswer(view: ReportView): z.infer<typeof reportBody> {
  const shown = view.staff ?? view.student;
  return {
    attempt: attemptAnswer(view.attempt),
    late: view.late,
    score: shown.score,
    max: shown.max,
    points: pointsAnswer(view),
    feedback: view.student.feedback,
    tests: shown.tests,
    hidden: view.student.hidden,
    hiddenRunning: view.hiddenRunning,
    whole: view.staff?.whole ? wholeAnswer(view.staff.whole) : view.student.whole,
    leaderboard: shown.leaderboard,
    circumstances: shown.circumstances,
    otherDevice: view.otherDevice,
    staff: view.staff && {
      wallMs: view.staff.wallMs,
      flags: view.staff.flags,
      fault: view.staff.fault,
      worker: view.staff.worker,
    },
  };
}
