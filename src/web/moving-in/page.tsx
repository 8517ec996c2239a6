import { systems } from "../../submissions/move-in.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Page } from "../components/page.tsx";
import { Alert } from "../components/parts.tsx";
import { assignmentTrail } from "../components/trail.ts";
import { moment } from "../format.ts";
import { LeftOut, NotTakenCard, TakeCard } from "./lists.tsx";
import { NamesCard, PeopleCard } from "./needs.tsx";
import { refOf } from "./start.tsx";
import type { Props } from "./view.ts";

/** What a download would bring: looked at, mended, and taken in. */
export function ImportPage({ at, view }: Props) {
  const { access, looked, error } = view;
  const when = moment(access.row.createdAt, access.course.timeZone, at.lang);
  const still = access.row.state !== "applying";
  return (
    <Page
      at={at}
      title={access.row.name}
      wide
      lead={at.t("moving.look.lead", { system: systems[looked.download.system], when })}
      trail={[...assignmentTrail(at, access), [at.t("moving.title"), `${refOf(access)}/move-in`]]}
    >
      <CourseNav at={at} access={access} here="assignments" />
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
        {error && (
          <Alert kind="error" title={at.t("moving.wrong")}>
            {error.sentence(at.lang)}
          </Alert>
        )}
        <ImportPart at={at} view={view} />
        {still && (
          <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
            <NamesCard at={at} view={view} />
            <PeopleCard at={at} view={view} />
          </div>
        )}
        <NotTakenCard at={at} view={view} />
        <TakeCard at={at} view={view} />
        <LeftOut at={at} view={view} />
        {still && <DropForm at={at} view={view} />}
      </div>
    </Page>
  );
}

/** Where it stands. While it is worked on it asks for itself anew; the whole page comes when that has ended. */
export function ImportPart({ at, view }: Props) {
  const { row } = view.access;
  const { take, not } = view.looked.plan;
  const known = take.filter((one) => one.known).length;
  const counts = [
    ["new", take.length - known],
    ["known", known],
    ["not", not.length],
    ["left", view.looked.download.leftOut.length],
  ] as const;
  const live = row.state === "applying";
  return (
    <div
      id="import"
      class="card-box grid gap-3"
      hx-get={live ? `/imports/${row.id}/part` : undefined}
      hx-trigger={live ? "every 1s" : undefined}
      hx-swap="outerMorph"
    >
      <ul class="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        {counts.map(([kind, count]) => (
          <li data-count={kind}>
            <strong class="text-base font-semibold tabular-nums">{count}</strong>{" "}
            {at.t(`moving.count.${kind}`)}
          </li>
        ))}
      </ul>
      {live ? <Progress at={at} view={view} /> : <ApplyForm at={at} view={view} />}
      {row.state === "ended" && <Outcomes at={at} view={view} />}
    </div>
  );
}

function Progress({ at, view }: Props) {
  const { row } = view.access;
  const [done, total] = [row.outcomes.length, Math.max(view.looked.plan.take.length, 1)];
  const words = at.t("moving.progress", { done, total });
  return (
    <div>
      <p class="mb-1 font-medium" role="status">
        {words}
      </p>
      <progress class="progress progress-primary w-full" max={total} value={done} aria-label={words} />
      <p class="muted mt-1 text-sm">
        {at.t("moving.progress.help")}{" "}
        <a href={`/imports/${row.id}`} class="link">
          {at.t("moving.progress.again")}
        </a>
      </p>
    </div>
  );
}

function ApplyForm({ at, view }: Props) {
  const { row } = view.access;
  const { plan, basis } = view.looked;
  const open = plan.take.filter(({ known }) => !known).length;
  const tryAgain = row.state === "ended" && row.outcomes.some(({ outcome }) => outcome !== "added");
  if (open === 0 && !tryAgain) {
    return row.state === "ended" ? null : <p class="text-sm">{at.t("moving.apply.nothing")}</p>;
  }
  return (
    <form method="post" action={`/imports/${row.id}/apply`}>
      <input type="hidden" name="basis" value={basis} />
      <p class="muted mb-3 max-w-prose text-sm">{at.t("moving.apply.help")}</p>
      <button type="submit" class="btn btn-primary">
        {row.state === "ended" ? at.t("moving.apply.again") : at.t("moving.apply", { count: open })}
      </button>
    </form>
  );
}

function Outcomes({ at, view }: Props) {
  const { outcomes } = view.access.row;
  const of = (wanted: string) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  const wrong = outcomes.filter(({ outcome }) => outcome === "refused" || outcome === "failed");
  const sum = { added: of("added"), repeated: of("repeated"), refused: wrong.length };
  return (
    <Alert kind={wrong.length > 0 ? "warning" : "success"} title={at.t("moving.ended", sum)}>
      {wrong.length > 0 && (
        <ul class="mt-1 grid gap-1 text-sm">
          {wrong.map((one) => (
            <li>
              {one.outcome === "refused"
                ? at.t("label", { name: one.who, value: one.why[at.lang] })
                : at.t("moving.failed", { who: one.who })}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}

function DropForm({ at, view }: Props) {
  return (
    <form
      method="post"
      action={`/imports/${view.access.row.id}/drop`}
      class="flex flex-wrap items-center gap-3"
    >
      <button type="submit" class="btn btn-sm">
        {at.t("moving.drop")}
      </button>
      <span class="muted text-sm">{at.t("moving.drop.help")}</span>
    </form>
  );
}
