import type { DeviceWait } from "../../grading/device-wait.ts";
import { inert } from "../../judge/inert.ts";
import { Formatted } from "../components/formatted.tsx";
import { Alert } from "../components/parts.tsx";
import { PointsSum } from "../components/points.tsx";
import { ScoreRing } from "../components/score.tsx";
import type { PageContext } from "../context.ts";
import { duration, points } from "../format.ts";
import type { ReportPart } from "./load.ts";
import { Output, Tests } from "./tests.tsx";

/** The part of the page that grows while the submission is graded. client/live.ts asks for it anew at each event. */
export function Report({ at, part }: { at: PageContext; part: ReportPart }) {
  const { id } = part.access.submission;
  const { state, diagnosing } = part.report.attempt;
  const live = (state !== "finished" && state !== "cancelled") || diagnosing;
  const as = part.asStudent ? "as=student" : "";
  return (
    <div
      id="report"
      class="grid gap-4"
      hx-get={`/submissions/${id}/report?${as}`}
      hx-trigger="assay-news"
      hx-swap="outerMorph"
      data-live={live ? `/api/v1/submissions/${id}/events?${as}` : undefined}
    >
      <p class="sr-only" role="status">
        {at.t("submission.announce", {
          state: at.t(`state.${state}`),
          done: part.tests.length,
          score: points(part.score),
          max: points(part.max),
        })}
      </p>
      <Head at={at} part={part} />
      <Whole at={at} part={part} />
      {part.report.student.feedback !== "full" && !part.report.staff && state !== "cancelled" && (
        <Alert kind="info" title={at.t("quota.title")}>
          {at.t(`quota.${part.report.student.feedback}`)}
        </Alert>
      )}
      {diagnosing && (
        <p class="muted flex items-center gap-2 text-sm" role="status">
          <span class="loading loading-dots loading-xs" aria-hidden="true" />
          {at.t("diagnosis.looking")}
        </p>
      )}
      {(part.tests.length > 0 || state === "finished") && <Tests at={at} part={part} />}
    </div>
  );
}

/** What a Gradescope autograder says over its tests, and what kind of grading that is. */
function Whole({ at, part }: { at: PageContext; part: ReportPart }) {
  const whole = part.report.staff ? part.report.staff.whole : part.report.student.whole;
  if (!whole) return null;
  return (
    <section class="card-box grid gap-3" aria-label={at.t("whole.title")}>
      <h2 class="text-lg font-semibold">{at.t("whole.title")}</h2>
      {whole.output && <Formatted text={whole.output} format={whole.outputFormat} />}
      {whole.stdout && <Output label={at.t("whole.stdout")} text={inert(whole.stdout)} />}
      <p class="muted text-sm">{at.t("whole.one-container")}</p>
    </section>
  );
}

function Head({ at, part }: { at: PageContext; part: ReportPart }) {
  const { attempt } = part.report;
  switch (attempt.state) {
    case "waiting":
      return <Waiting at={at} part={part} />;
    case "cancelled":
      if (attempt.refused)
        return (
          <Alert kind="warning" title={at.t("preflight.refused")}>
            {at.t("preflight.refused.help")}
          </Alert>
        );
      return (
        <Alert kind="info" title={at.t("submission.cancelled")}>
          {at.t("submission.cancelled.help")}
        </Alert>
      );
    case "delayed":
      return (
        <Alert kind="warning" title={at.t("submission.delayed")}>
          {at.t("submission.delayed.help")}
        </Alert>
      );
    default:
      return <Score at={at} part={part} />;
  }
}

function Waiting({ at, part }: { at: PageContext; part: ReportPart }) {
  const { attempt } = part.report;
  const { estimate } = part;
  const ahead = attempt.ahead ?? 0;
  const words = [
    ahead === 0 ? at.t("submission.waiting.first") : at.t("submission.waiting.ahead", { count: ahead }),
    ...(part.device ? deviceWords(at, part.device) : []),
    ...(estimate?.slots === 0 && !part.device ? [at.t("submission.waiting.no-worker")] : []),
    ...(estimate?.seconds == null
      ? []
      : [at.t("submission.waiting.estimate", { time: duration(estimate.seconds, at.lang) })]),
  ];
  return (
    <div class="card-box flex flex-wrap items-center gap-4">
      <span class="loading loading-dots" aria-hidden="true" />
      <div class="mr-auto">
        <p class="font-semibold">{at.t("submission.waiting")}</p>
        <p class="text-sm">{words.join(" ")}</p>
      </div>
      {part.mayCancel && part.older.length > 0 && (
        <form method="post" action={`/submissions/${part.access.submission.id}/replace`}>
          <button type="submit" class="btn btn-sm" aria-describedby="replace-help">
            {at.t("submission.replace", { numbers: part.older.map((number) => `#${number}`).join(", ") })}
          </button>
        </form>
      )}
      {part.mayCancel && (
        <form method="post" action={`/submissions/${part.access.submission.id}/cancel`}>
          <button type="submit" class="btn btn-sm">
            {at.t("submission.cancel")}
          </button>
        </form>
      )}
      {part.mayCancel && part.older.length > 0 && (
        <p id="replace-help" class="muted basis-full text-sm">
          {at.t("submission.replace.help")}
        </p>
      )}
    </div>
  );
}

/** Why it waits for a GPU, and what is left of the week's minutes. */
function deviceWords(
  at: PageContext,
  { devices, fallback, leftSeconds, startsIn, measured }: DeviceWait,
): string[] {
  const missing = fallback ? "submission.waiting.gpu-fallback" : "submission.waiting.no-gpu";
  const begins = measured ? "submission.waiting.gpu-begins" : "submission.waiting.gpu-begins-at-most";
  return [
    ...(startsIn === null ? [] : [at.t(begins, { time: duration(startsIn, at.lang) })]),
    ...(devices > 0 && startsIn === null && leftSeconds !== 0 ? [at.t("submission.waiting.gpu-small")] : []),
    ...(devices === 0 ? [at.t(missing)] : []),
    ...(leftSeconds === 0 ? [at.t("submission.waiting.gpu-used-up")] : []),
    ...(leftSeconds ? [at.t("submission.waiting.gpu-left", { time: duration(leftSeconds, at.lang) })] : []),
  ];
}

function Score({ at, part }: { at: PageContext; part: ReportPart }) {
  const { report, tests } = part;
  const running = report.attempt.state === "running";
  const { total, max } = report.points;
  return (
    <div class="card-box flex flex-wrap items-center gap-x-6 gap-y-4">
      <ScoreRing score={running ? part.score : total} max={running ? part.max : max} t={at.t} />
      <div class="min-w-60 grow">
        {running ? (
          <>
            <p class="flex items-center gap-2 font-semibold">
              <span class="loading loading-spinner loading-sm" aria-hidden="true" />
              {at.t("submission.running")}
            </p>
            <p class="text-sm">
              {at.t(report.hiddenRunning ? "submission.running.hidden" : "submission.running.progress", {
                done: tests.length,
              })}
            </p>
          </>
        ) : (
          <Accounting at={at} part={part} />
        )}
      </div>
    </div>
  );
}

function Accounting({ at, part }: { at: PageContext; part: ReportPart }) {
  const { report, access } = part;
  const hidden = report.staff ? null : report.student.hidden;
  return (
    <>
      <h2 class="mb-1 text-lg font-semibold">{at.t("sum.title")}</h2>
      <PointsSum at={at} report={report} assignment={access.assignment} />
      {hidden && (
        <p class="muted mt-1 text-sm">
          {at.t("label", {
            name: at.t("sum.hidden"),
            value: at.t("points.points", { points: points(hidden.points) }),
          })}
        </p>
      )}
    </>
  );
}
