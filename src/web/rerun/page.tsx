import type { Child } from "hono/jsx";
import { allows } from "../../courses/access.ts";
import type { ComparedTest } from "../../submissions/compare.ts";
import { decisionOn, type RerunAccess } from "../../submissions/rerun.ts";
import type { RerunRow } from "../../submissions/rerun-rows.ts";
import { type Outcome, outcomeOf } from "../../submissions/rerun-rules.ts";
import { ComparedTests } from "../components/compared-tests.tsx";
import { CourseNav } from "../components/course-nav.tsx";
import { Icon } from "../components/icons.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty, Tag } from "../components/parts.tsx";
import { ScoreBar } from "../components/score.tsx";
import { assignmentTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { labelled, points } from "../format.ts";
import { deviceNames } from "./device-names.ts";

export interface RerunView {
  access: RerunAccess;
  version: { name: string; number: number };
  outcomes: Record<Outcome, number>;
  /** How many ran on another model of GPU than before. */
  otherDevices: number;
  total: number;
  /** What is shown of them. */
  rows: RerunRow[];
  all: boolean;
  /** Where it is of one submission: its tests, old beside new. */
  tests: ComparedTest[] | null;
  preview: string;
  stale: boolean;
}

interface Props {
  at: PageContext;
  view: RerunView;
}

const ended = ({ outcomes }: RerunView) => outcomes.open === 0;

export function RerunPage({ at, view }: Props) {
  const { course, assignment, rerun } = view.access;
  const ref = `/assignments/${course.slug}.${assignment.slug}`;
  return (
    <Page
      at={at}
      title={labelled(at.t("rerun.title"), assignment.title[at.lang], at.lang)}
      wide
      lead={
        <span class="wrap-anywhere">
          {at.t("suites.version", { number: view.version.number })} · <code>{view.version.name}</code> ·{" "}
          {rerun.reason}
        </span>
      }
      trail={[...assignmentTrail(at, { course, assignment }), [at.t("rerun.title"), `${ref}/rerun`]]}
    >
      <CourseNav at={at} access={view.access} here="assignments" />
      <RerunPart at={at} view={view} />
    </Page>
  );
}

/** The part that grows while it runs. client/live.ts asks for it anew at each event. */
export function RerunPart({ at, view }: Props) {
  const { rerun } = view.access;
  const live = rerun.state === "open" && !ended(view);
  return (
    <div
      id="rerun"
      class="grid grid-cols-[minmax(0,1fr)] gap-4"
      hx-get={`/reruns/${rerun.id}/part${view.all ? "?all=1" : ""}`}
      hx-trigger="assay-news"
      hx-swap="outerMorph"
      data-live={live ? `/api/v1/reruns/${rerun.id}/events` : undefined}
    >
      {view.stale && <Alert kind="warning">{at.t("rerun.stale")}</Alert>}
      {view.otherDevices > 0 && (
        <Alert kind="info">{at.t("rerun.other-devices", { count: view.otherDevices })}</Alert>
      )}
      <Head at={at} view={view} />
      {rerun.state === "open" && allows(view.access.standing, decisionOn(rerun)) && ended(view) && (
        <Decide at={at} view={view} />
      )}
      <Scores at={at} view={view} />
      {view.tests && view.tests.length > 0 && (
        <Card title={at.t("compare.rerun")} id="tests">
          <ComparedTests at={at} tests={view.tests} />
        </Card>
      )}
    </div>
  );
}

function Head({ at, view }: Props) {
  const { rerun, standing } = view.access;
  const done = view.total - view.outcomes.open;
  const word = rerun.state === "open" && ended(view) ? "ended" : rerun.state;
  return (
    <section class="card-box" aria-label={at.t("rerun.title")}>
      <div class="flex flex-wrap items-start justify-between gap-3">
        <div role="status">
          <Tag strong>{at.t(`rerun.state.${word}`)}</Tag>
          <p class="mt-2 text-lg font-semibold">{at.t("rerun.progress", { done, total: view.total })}</p>
          {word === "open" && <p class="muted text-sm">{at.t("rerun.progress.wait")}</p>}
        </div>
        {allows(standing, decisionOn(rerun)) && rerun.state === "open" && (
          <form method="post" action={`/reruns/${rerun.id}/cancel`}>
            <button type="submit" class="btn">
              {at.t("rerun.cancel")}
            </button>
          </form>
        )}
        {allows(standing, decisionOn(rerun)) && rerun.state === "accepted" && (
          <form method="post" action={`/reruns/${rerun.id}/undo`} class="max-w-xs text-right">
            <button type="submit" class="btn" aria-describedby="undo-help">
              {at.t("rerun.undo")}
            </button>
            <p id="undo-help" class="muted mt-1 text-sm">
              {at.t("rerun.undo.help")}
            </p>
          </form>
        )}
      </div>
      {rerun.state === "open" && (
        <div class="mt-3">
          <ScoreBar score={done} max={view.total} />
        </div>
      )}
      <ul class="mt-4 flex flex-wrap gap-x-6 gap-y-2 text-sm">
        {(["higher", "lower", "new", "same", "failed", "open"] as const).map(
          (outcome) =>
            view.outcomes[outcome] > 0 && (
              <li class="flex items-center gap-1.5" data-outcome={outcome}>
                <strong class="text-base font-semibold tabular-nums">{view.outcomes[outcome]}</strong>
                <OutcomeWord at={at} outcome={outcome} />
              </li>
            ),
        )}
      </ul>
    </section>
  );
}

const looks: Record<Outcome, { colour: string; shape: Child }> = {
  higher: { colour: "text-success", shape: <path d="M8 13.5v-11M3 7.5l5-5 5 5" stroke-width="2" /> },
  lower: { colour: "text-error", shape: <path d="M8 2.5v11M3 8.5l5 5 5-5" stroke-width="2" /> },
  same: { colour: "", shape: <path d="M3 6h10M3 10.5h10" stroke-width="2" /> },
  new: { colour: "text-primary", shape: <path d="M8 2.5v11M2.5 8h11" stroke-width="2" /> },
  failed: {
    colour: "text-warning",
    shape: (
      <>
        <path d="M8 1.5 15 14H1z" />
        <path d="M8 6v3.6m0 2v.1" />
      </>
    ),
  },
  open: { colour: "text-info", shape: <circle cx="8" cy="8" r="6" stroke-dasharray="2.5 2.5" /> },
};

function OutcomeWord({ at, outcome }: { at: PageContext; outcome: Outcome }) {
  const { colour, shape } = looks[outcome];
  return (
    <span class={`inline-flex items-center gap-1.5 ${colour}`}>
      <Icon>{shape}</Icon>
      {at.t(`rerun.outcome.${outcome}`)}
    </span>
  );
}

function Decide({ at, view }: Props) {
  const { rerun } = view.access;
  const { higher, lower } = view.outcomes;
  const first = view.outcomes.new;
  return (
    <Card title={at.t("rerun.decide")} id="decide">
      <form method="post" action={`/reruns/${rerun.id}/accept`}>
        <input type="hidden" name="preview" value={view.preview} />
        <fieldset>
          <legend class="sr-only">{at.t("rerun.policy")}</legend>
          {(["as_computed", "never_lower"] as const).map((policy, place) => (
            <label class="flex items-center gap-3 py-1">
              <input
                type="radio"
                name="policy"
                value={policy}
                checked={place === 0}
                required
                class="radio radio-sm"
              />
              {at.t(`rerun.policy.${policy}`, { higher: higher + first, lower })}
            </label>
          ))}
        </fieldset>
        <button type="submit" class="btn btn-primary mt-3">
          {at.t("rerun.accept")}
        </button>
      </form>
    </Card>
  );
}

function Scores({ at, view }: Props) {
  const address = `/reruns/${view.access.rerun.id}`;
  return (
    <Card
      title={at.t("rerun.scores")}
      id="scores"
      actions={
        view.tests === null && (
          <a href={view.all ? address : `${address}?all=1`} class="link text-sm">
            {at.t(view.all ? "rerun.only-changed" : "rerun.show-all")}
          </a>
        )
      }
    >
      <p class="muted mb-3 text-sm">{at.t("rerun.scores.help")}</p>
      {view.rows.length === 0 ? (
        <Empty title={at.t("rerun.nothing-differs")}>{at.t("rerun.nothing-differs.help")}</Empty>
      ) : (
        <section class="relative overflow-x-auto" tabindex={0} aria-labelledby="scores-title">
          <table class="w-full text-sm">
            <thead class="border-b border-base-300">
              <tr>
                <th scope="col" class="py-2 pr-3 text-left font-semibold">
                  {at.t("table.name")}
                </th>
                <th scope="col" class="px-3 py-2 text-right font-semibold">
                  {at.t("rerun.old")}
                </th>
                <th scope="col" class="px-3 py-2 text-right font-semibold">
                  {at.t("rerun.new")}
                </th>
                <th scope="col" class="py-2 pl-3 text-left font-semibold">
                  {at.t("rerun.difference")}
                </th>
              </tr>
            </thead>
            <tbody>
              {view.rows.map((row) => (
                <Row at={at} row={row} rerun={view.tests === null ? view.access.rerun.id : null} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {view.rows.length < view.total && (
        <p class="muted mt-3 text-sm">
          {at.t("rerun.shown", { shown: view.rows.length, total: view.total })}
        </p>
      )}
    </Card>
  );
}

const scoreText = ({ score, max }: RerunRow["before"]) =>
  score === null ? "–" : `${points(score)} / ${points(max ?? 0)}`;

/** `rerun`: where its tests are a page further. */
function Row({ at, row, rerun }: { at: PageContext; row: RerunRow; rerun: string | null }) {
  const outcome = outcomeOf(row);
  const moved = outcome === "higher" || outcome === "lower";
  const difference = moved ? row.after.score! - row.before.score! : 0;
  return (
    <tr class="border-b border-base-300 last:border-0" data-outcome={outcome}>
      <th scope="row" class="min-w-36 py-2 pr-3 text-left font-medium wrap-anywhere">
        <a href={`/submissions/${row.submissionId}`} class="link link-hover">
          {row.name}
        </a>{" "}
        <span class="muted font-normal">#{row.number}</span>
      </th>
      <td class="px-3 py-2 text-right whitespace-nowrap tabular-nums">{scoreText(row.before)}</td>
      <td class="px-3 py-2 text-right whitespace-nowrap tabular-nums">{scoreText(row.after)}</td>
      <td class="py-2 pl-3 whitespace-nowrap">
        <span class="flex items-center gap-2">
          <OutcomeWord at={at} outcome={outcome} />
          {moved && (
            <span class="tabular-nums">{`${difference > 0 ? "+" : "−"}${points(Math.abs(difference))}`}</span>
          )}
          {rerun && outcome !== "open" && (
            <a href={`/reruns/${rerun}/submissions/${row.submissionId}`} class="link ml-auto">
              {at.t("rerun.tests")}
              <span class="sr-only">{` ${row.name} #${row.number}`}</span>
            </a>
          )}
        </span>
        {row.otherDevice && (
          <p class="muted">{at.t("rerun.other-device", deviceNames(at, row.otherDevice))}</p>
        )}
      </td>
    </tr>
  );
}

/** The tests of one submission of many, old beside new. */
export function RerunTestsPage(props: {
  at: PageContext;
  access: RerunAccess;
  row: RerunRow;
  tests: ComparedTest[];
}) {
  const { at, access, row, tests } = props;
  const { course, assignment, rerun } = access;
  return (
    <Page
      at={at}
      title={`${row.name} #${row.number}`}
      wide
      lead={<span class="tabular-nums">{`${scoreText(row.before)} → ${scoreText(row.after)}`}</span>}
      trail={[...assignmentTrail(at, { course, assignment }), [at.t("rerun.title"), `/reruns/${rerun.id}`]]}
    >
      <Card
        title={at.t("compare.rerun")}
        id="tests"
        actions={
          <a href={`/submissions/${row.submissionId}`} class="link text-sm">
            {at.t("submission.title", { number: row.number })}
          </a>
        }
      >
        <ComparedTests at={at} tests={tests} />
      </Card>
    </Page>
  );
}
