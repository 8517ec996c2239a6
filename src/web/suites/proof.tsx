// The part of a version's page that grows while it is proved. client/live.ts asks for it anew at each event.
import { allows } from "../../courses/access.ts";
import { nameOfRun, type RunKind, runKinds } from "../../judge/plan.ts";
import type { ProofProgress } from "../../suites/proof-progress.ts";
import { Alert } from "../components/parts.tsx";
import { ScoreBar } from "../components/score.tsx";
import type { PageContext } from "../context.ts";
import type { VersionView } from "./load.ts";
import { MatrixCard } from "./matrix.tsx";
import { ScoresCard, TestsCard } from "./measures.tsx";
import { StateTag } from "./state.tsx";

interface Props {
  at: PageContext;
  view: VersionView;
}

export function ProofPart({ at, view }: Props) {
  const { version } = view.access;
  const address = `/suite-versions/${version.id}`;
  const running = view.progress?.proof.state === "running";
  return (
    <div
      id="proof"
      class="grid grid-cols-[minmax(0,1fr)] gap-4"
      hx-get={`${address}/proof`}
      hx-trigger="assay-news"
      hx-swap="outerMorph"
      data-live={running ? `/api/v1${address}/events` : undefined}
    >
      <Verdict at={at} view={view} />
      {running && <Progress at={at} progress={view.progress!} />}
      {version.proof && !running && (
        <>
          <MatrixCard at={at} proof={version.proof} />
          <TestsCard at={at} proof={version.proof} config={version.config} />
          <ScoresCard at={at} proof={version.proof} />
        </>
      )}
    </div>
  );
}

function Verdict({ at, view }: Props) {
  const { version } = view.access;
  const { progress } = view;
  const failed = progress?.proof.state === "failed" && version.state === "refused";
  const says = at.t(failed ? "suite.says.failed" : `suite.says.${version.state}`);
  const problems = version.state === "validating" ? [] : (version.proof?.problems ?? []);
  const warnings = version.state === "validating" ? [] : (version.proof?.warnings ?? []);
  return (
    <section class="card-box" aria-label={at.t(`suite.state.${version.state}`)}>
      <div class="flex flex-wrap items-start justify-between gap-3">
        <div class="min-w-0" role="status">
          <p class="text-lg">
            <StateTag at={at} state={version.state} />
          </p>
          <p class="mt-1">{says}</p>
          {version.unprovedReason && (
            <p class="mt-1 text-warning">{at.t("suite.says.unproved", { reason: version.unprovedReason })}</p>
          )}
        </div>
        <Actions at={at} view={view} />
      </div>
      {failed && <pre class="output mt-3">{progress.proof.fault}</pre>}
      {!failed && problems.length > 0 && (
        <>
          <h2 class="mt-4 font-semibold">{at.t("suite.problems", { count: problems.length })}</h2>
          <ul class="mt-1 list-disc pl-5 text-sm" data-problems>
            {problems.map((problem) => (
              <li class="wrap-anywhere">{problem[at.lang]}</li>
            ))}
          </ul>
        </>
      )}
      {warnings.length > 0 && (
        <div class="mt-4">
          <Alert kind="warning" title={at.t("suite.warnings")}>
            {warnings.map((warning) => warning[at.lang]).join("\n")}
          </Alert>
        </div>
      )}
    </section>
  );
}

function Actions({ at, view }: Props) {
  const { version, standing } = view.access;
  if (!allows(standing, "suite.publish")) return null;
  const address = `/suite-versions/${version.id}`;
  const running = view.progress?.proof.state === "running";
  const first = version.state === "registered";
  return (
    <div class="flex flex-wrap items-start gap-2">
      {running ? (
        <form method="post" action={`${address}/validation/cancel`}>
          <button type="submit" class="btn">
            {at.t("suite.prove.cancel")}
          </button>
        </form>
      ) : (
        <form method="post" action={`${address}/validation`}>
          <button type="submit" class={`btn ${first ? "btn-primary" : ""}`}>
            {at.t(view.progress ? "suite.prove.again" : "suite.prove")}
          </button>
        </form>
      )}
      {version.state === "proved" && (
        <form method="post" action={`${address}/publish`}>
          <button type="submit" class="btn btn-primary">
            {at.t("suite.publish")}
          </button>
        </form>
      )}
      {["registered", "refused"].includes(version.state) && <Unproved at={at} address={address} />}
    </div>
  );
}

function Unproved({ at, address }: { at: PageContext; address: string }) {
  return (
    <details class="w-full max-w-sm sm:w-auto">
      <summary class="btn btn-ghost">{at.t("suite.publish.unproved")}</summary>
      <form method="post" action={`${address}/publish`} class="mt-2">
        <label for="unproved" class="mb-1 block text-sm font-medium">
          {at.t("suite.publish.reason")}
        </label>
        <input id="unproved" name="unproved" required maxlength={1000} class="input w-full" />
        <button type="submit" class="btn mt-2">
          {at.t("suite.publish.unproved")}
        </button>
      </form>
    </details>
  );
}

function Progress({ at, progress }: { at: PageContext; progress: ProofProgress }) {
  const { done, runs } = progress;
  const begun = done > 0 || runs.some(({ state }) => state === "running");
  return (
    <section class="card-box" aria-labelledby="progress-title">
      <h2 id="progress-title" class="mb-1 text-lg font-semibold">
        {at.t("suite.runs")}
      </h2>
      <p class="mb-2" role="status">
        {begun ? at.t("suite.proving", { done, total: runs.length }) : at.t("suite.proving.wait")}
      </p>
      <ScoreBar score={done} max={runs.length} />
      <dl class="mt-4 grid gap-2 text-sm">
        {runKinds.map((kind) => (
          <Kind at={at} kind={kind} runs={runs.filter((run) => run.kind === kind)} />
        ))}
      </dl>
    </section>
  );
}

function Kind({ at, kind, runs }: { at: PageContext; kind: RunKind; runs: ProofProgress["runs"] }) {
  if (runs.length === 0) return null;
  const done = runs.filter(({ state }) => state === "finished").length;
  const now = runs.find(({ state }) => state === "running");
  return (
    <div class="flex flex-wrap justify-between gap-x-4">
      <dt>
        {at.t(`suite.run.${kind}`)}
        {now && now.name !== "" && (
          <span class="muted"> · {at.t("suite.runs.now", { name: nameOfRun(now) })}</span>
        )}
      </dt>
      <dd class="tabular-nums">{at.t("suite.runs.of", { done, total: runs.length })}</dd>
    </div>
  );
}
