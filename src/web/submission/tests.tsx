import { outputFormats, type WholeOutput } from "../../judge/report.ts";
import { Formatted } from "../components/formatted.tsx";
import { Tag } from "../components/parts.tsx";
import { Verdict } from "../components/verdict.tsx";
import type { PageContext } from "../context.ts";
import { memorySize, points } from "../format.ts";
import { NamedMistake } from "./diagnosis.tsx";
import { Artifacts, Mismatch } from "./figures.tsx";
import type { ReportPart, ShownTest } from "./load.ts";

/** Every test that has ended, in the suite's order; what went wrong stands open. */
export function Tests({ at, part }: { at: PageContext; part: ReportPart }) {
  const { tests, report } = part;
  const { hidden } = report.staff ? { hidden: null } : report.student;
  return (
    <ol class="grid gap-2" aria-label={at.t("submission.tests")}>
      {tests.map((test) => (
        <li id={`test-${test.name}`}>
          <TestRow at={at} part={part} test={test} />
        </li>
      ))}
      {hidden && (
        <li class="rounded-box border border-dashed border-base-content/40 px-4 py-3">
          <p class="font-medium">
            {at.t("hidden.tests", { count: hidden.count, points: points(hidden.points) })}
          </p>
          <p class="muted text-sm">
            {[
              ...(hidden.passed === null
                ? []
                : [at.t("hidden.passed", { passed: hidden.passed, count: hidden.count })]),
              ...hidden.opens.map((word) => at.t(`hidden.opens.${word}`)),
              ...(hidden.opens.length === 0 ? [at.t("hidden.opens.never")] : []),
            ].join(" ")}
          </p>
        </li>
      )}
    </ol>
  );
}

function TestRow({ at, part, test }: { at: PageContext; part: ReportPart; test: ShownTest }) {
  return (
    <details class="test-row" open={test.verdict !== "passed"}>
      <summary class="grid cursor-pointer grid-cols-[1fr_auto] items-center gap-x-4 px-4 py-3 sm:grid-cols-[12rem_1fr_auto]">
        <span class="col-span-2 flex sm:col-span-1">
          <Verdict verdict={test.verdict} t={at.t} />
        </span>
        <span class="font-medium wrap-anywhere">
          {test.title[at.lang]}{" "}
          {test.visibility && test.visibility !== "visible" && (
            <Tag>{at.t(`visibility.${test.visibility}`)}</Tag>
          )}
        </span>
        <span class="tabular-nums whitespace-nowrap">{`${points(test.score)} / ${points(test.max)}`}</span>
      </summary>
      <div class="border-t border-base-300 px-4 py-3">
        {test.message && <Formatted text={test.message[at.lang]} format={formatOf(test)} />}
        <Mismatch at={at} data={test.extra.mismatch} />
        {test.diagnosis && (
          <NamedMistake at={at} diagnosis={test.diagnosis} staff={part.report.staff !== null} />
        )}
        {test.traceback && <Output label={at.t("test.traceback")} text={test.traceback} />}
        {test.stdout && <Output label={at.t("test.stdout")} text={test.stdout} />}
        {typeof test.extra.harness_traceback === "string" && (
          <Output
            label={`${at.t("staff.title")}: ${at.t("test.traceback")}`}
            text={test.extra.harness_traceback}
          />
        )}
        <Artifacts
          at={at}
          submissionId={part.access.submission.id}
          artifacts={test.artifacts}
          plots={part.plots}
        />
        <p class="muted mt-3 text-sm first:mt-0">
          {[
            test.name,
            at.t("test.time", { ms: Math.round(test.wallMs) }),
            ...(test.cpuMs === null ? [] : [at.t("test.cpu", { ms: Math.round(test.cpuMs) })]),
            ...(test.peakBytes === null ? [] : [at.t("test.memory", { size: memorySize(test.peakBytes) })]),
          ].join(" · ")}
        </p>
      </div>
    </details>
  );
}

/** Only an autograder's tests say a format; our own are text. */
function formatOf({ extra }: ShownTest): WholeOutput["outputFormat"] {
  const format = outputFormats.find((known) => known === extra.output_format);
  return format ?? "text";
}

/** What a submission printed is text, and nothing of it is more than that. */
export function Output({ label, text }: { label: string; text: string }) {
  return (
    <div class="mt-3">
      <p class="mb-1 text-sm font-medium">{label}</p>
      <section class="output" tabindex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
    </div>
  );
}
