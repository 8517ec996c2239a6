import { Page } from "../components/page.tsx";
import { Card, Empty } from "../components/parts.tsx";
import { assignmentTrail } from "../components/trail.ts";
import { AgreementTable, SecondCard } from "./agreement.tsx";
import { type Props, refOf } from "./load.ts";
import { WorthCard } from "./worth.tsx";

export function MarkingPage({ at, view }: Props) {
  const { course, assignment } = view.access;
  return (
    <Page
      at={at}
      title={at.t("marking.title")}
      lead={
        <>
          {assignment.title[at.lang]} ·{" "}
          <a href={`${refOf(view)}/review`} class="link">
            {at.t("review.next")}
          </a>
        </>
      }
      trail={assignmentTrail(at, { course, assignment })}
    >
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
        <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
          <ProgressCard at={at} view={view} />
          {view.leads && <DealCard at={at} view={view} />}
          {view.leads && <HowCard at={at} view={view} />}
        </div>
        <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
          <SecondCard at={at} view={view} />
          <AgreementTable at={at} view={view} />
          <WorthCard at={at} view={view} />
        </div>
      </div>
    </Page>
  );
}

function ProgressCard({ at, view }: Props) {
  const { progress, unshared } = view.shared;
  const total = progress.reduce((sum, { all }) => sum + all, 0) + unshared.all;
  const rows = [
    ...progress.filter(({ all }) => all > 0).map(({ grader, all, left }) => ({ ...grader, all, left })),
    ...(unshared.all > 0 ? [{ name: at.t("marking.unshared"), section: null, ...unshared }] : []),
  ];
  return (
    <Card title={at.t("marking.progress")} id="progress">
      {total === 0 && <Empty title={at.t("marking.none")}>{at.t("marking.none-help")}</Empty>}
      {total > 0 && (
        <section class="overflow-x-auto" tabindex={0} aria-label={at.t("marking.progress")}>
          <table class="table table-sm">
            <thead class="text-base-content">
              <tr>
                <th scope="col">{at.t("marking.grader")}</th>
                <th scope="col" class="text-right">
                  {at.t("marking.done")}
                </th>
                <th scope="col" class="text-right">
                  {at.t("marking.left")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ name, section, all, left }) => (
                <tr>
                  <th scope="row" class="font-normal wrap-anywhere">
                    {name} {section && <span class="muted">{`${at.t("marking.section")} ${section}`}</span>}
                    <progress
                      class="progress progress-primary mt-1 block h-1.5 w-full"
                      value={all - left}
                      max={all}
                      aria-label={`${name}: ${all - left} / ${all}`}
                    />
                  </th>
                  <td class="text-right tabular-nums whitespace-nowrap">{`${all - left} / ${all}`}</td>
                  <td class="text-right tabular-nums">{left}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p class="muted mt-3 text-sm">{at.t("marking.progress.help")}</p>
    </Card>
  );
}

function DealCard({ at, view }: Props) {
  return (
    <Card title={at.t("marking.deal")} id="deal">
      <form method="post" action={`${refOf(view)}/marking/shares`} class="grid gap-3 text-sm">
        <fieldset>
          <legend class="mb-1 font-medium">{at.t("marking.deal.rule")}</legend>
          {(["equal", "section"] as const).map((rule) => (
            <label class="flex items-center gap-2 py-1">
              <input
                type="radio"
                name="rule"
                value={rule}
                checked={rule === "equal"}
                class="radio radio-sm"
              />
              {at.t(`marking.deal.${rule}`)}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend class="mb-1 font-medium">{at.t("marking.deal.who")}</legend>
          {view.shared.progress.map(({ grader }) => (
            <label class="flex items-center gap-2 py-1">
              <input type="checkbox" name="grader" value={grader.id} class="checkbox checkbox-sm" />
              <span class="wrap-anywhere">
                {grader.name}{" "}
                {grader.section && (
                  <span class="muted">{`${at.t("marking.section")} ${grader.section}`}</span>
                )}
              </span>
            </label>
          ))}
        </fieldset>
        <p class="muted">{at.t("marking.deal.help")}</p>
        <button type="submit" class="btn btn-sm justify-self-start">
          {at.t("marking.deal")}
        </button>
      </form>
    </Card>
  );
}

function HowCard({ at, view }: Props) {
  const { blind, secondMarkPercent } = view.access.assignment;
  return (
    <Card title={at.t("marking.how")} id="how">
      <form method="post" action={`${refOf(view)}/marking/settings`} class="grid gap-3 text-sm">
        <label class="flex items-center gap-2">
          <input
            type="checkbox"
            name="blind"
            value="yes"
            checked={blind}
            aria-describedby="blind-help"
            class="checkbox checkbox-sm"
          />
          {at.t("marking.blind")}
        </label>
        <p id="blind-help" class="muted">
          {at.t("marking.blind.help")}
        </p>
        <label>
          {at.t("marking.percent")}
          <input
            name="percent"
            type="number"
            min="0"
            max="100"
            required
            value={secondMarkPercent}
            class="input mt-1 block w-28"
          />
        </label>
        <button type="submit" class="btn btn-sm justify-self-start">
          {at.t("marking.how.save")}
        </button>
      </form>
    </Card>
  );
}
