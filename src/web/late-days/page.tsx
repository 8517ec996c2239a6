import type { LateDayBudget } from "../../assignments/tables.ts";
import type { CourseAccess } from "../../courses/access.ts";
import type { UserError } from "../../platform/errors.ts";
import type { Balance, BookLine } from "../../submissions/late-day-book.ts";
import type { LateDayRow } from "../../submissions/tables.ts";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty, Field } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";

export interface LateDaysView {
  access: CourseAccess;
  budgets: LateDayBudget[];
  /** A student's own. */
  mine: { balances: Balance[]; entries: LateDayRow[] } | null;
  /** For staff. */
  book: BookLine[] | null;
  mayEdit: boolean;
}

interface Props {
  at: PageContext;
  view: LateDaysView;
}

export function LateDaysPage({ at, view, error }: Props & { error: UserError | null }) {
  const { course } = view.access;
  return (
    <Page
      at={at}
      title={at.t("lateness.book.title")}
      lead={at.t("lateness.book.lead")}
      trail={courseTrail(at, course)}
    >
      <div class="grid gap-4">
        {error && <Alert kind="error">{error.sentence(at.lang)}</Alert>}
        {view.mine && <Mine at={at} view={view} />}
        {view.mayEdit && <Budgets at={at} view={view} />}
        {view.mayEdit && <Give at={at} view={view} />}
        {view.book && <Book at={at} book={view.book} budgets={view.budgets} />}
      </div>
    </Page>
  );
}

function Mine({ at, view }: Props) {
  const { balances, entries } = view.mine!;
  if (balances.every(({ budget, left }) => budget === 0 && left === 0) && entries.length === 0) {
    return <Empty title={at.t("lateness.book.none")}>{at.t("lateness.book.none-help")}</Empty>;
  }
  return (
    <>
      <Card title={at.t("lateness.book.mine")} id="mine">
        <Balances at={at} balances={balances} />
      </Card>
      <Card title={at.t("lateness.book.entries")} id="entries">
        {entries.length === 0 && <p class="muted">{at.t("lateness.book.no-entries")}</p>}
        <ol class="grid gap-2 text-sm">
          {entries.map((entry) => (
            <li class="flex flex-wrap items-baseline gap-x-3">
              <span class="font-medium">
                {entry.days > 0
                  ? at.t(`lateness.book.${entry.kind}`, { days: entry.days })
                  : at.t("lateness.book.lent")}
                <span class="muted">{` (${entry.work})`}</span>
              </span>
              {entry.submissionId && (
                <a href={`/submissions/${entry.submissionId}`} class="link">
                  {at.t("submission.report")}
                </a>
              )}
              <span class="muted ml-auto">
                <Moment at={entry.madeAt} zone={view.access.course.timeZone} lang={at.lang} />
              </span>
            </li>
          ))}
        </ol>
      </Card>
    </>
  );
}

function Balances({ at, balances }: { at: PageContext; balances: Balance[] }) {
  return (
    <div class="overflow-x-auto">
      <table class="table table-sm">
        <thead>
          <tr>
            <th scope="col">{at.t("lateness.book.work")}</th>
            <th scope="col">{at.t("lateness.book.budget")}</th>
            <th scope="col">{at.t("lateness.book.left")}</th>
          </tr>
        </thead>
        <tbody>
          {balances.map(({ work, budget, left }) => (
            <tr>
              <th scope="row" class="font-normal">
                {work}
              </th>
              <td class="tabular-nums">{budget}</td>
              <td class="font-semibold tabular-nums">{left}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Budgets({ at, view }: Props) {
  return (
    <Card title={at.t("lateness.book.budgets")} id="budgets">
      <p class="muted mb-3 text-sm">{at.t("lateness.book.budgets-help")}</p>
      {view.budgets.length > 0 && (
        <ul class="mb-4 flex flex-wrap gap-x-6 gap-y-1 text-sm">
          {view.budgets.map(({ kind, days }) => (
            <li>
              {kind}: <strong class="tabular-nums">{days}</strong>
            </li>
          ))}
        </ul>
      )}
      <form method="post" action={`/courses/${view.access.course.slug}/late-days/budgets`} class="max-w-md">
        <Input id="budget-kind" name="kind" label={at.t("lateness.book.kind")} value="homework" />
        <Input id="budget-days" name="days" type="number" label={at.t("lateness.book.days")} />
        <button type="submit" class="btn btn-primary">
          {at.t("lateness.book.set")}
        </button>
      </form>
    </Card>
  );
}

function Give({ at, view }: Props) {
  return (
    <Card title={at.t("lateness.book.give")} id="give">
      <form method="post" action={`/courses/${view.access.course.slug}/late-days/grants`} class="max-w-md">
        <Field name="email" type="email" label={at.t("lateness.book.person")} />
        <Input id="give-kind" name="kind" label={at.t("lateness.book.kind")} value="homework" />
        <Input id="give-days" name="days" type="number" label={at.t("lateness.book.days")} />
        <Field name="reason" label={at.t("lateness.book.reason")} />
        <button type="submit" class="btn">
          {at.t("lateness.book.do-give")}
        </button>
      </form>
    </Card>
  );
}

function Input(props: { id: string; name: string; label: string; type?: string; value?: string }) {
  const { id, name, label, type = "text", value } = props;
  return (
    <div class="mb-4">
      <label for={id} class="mb-1 block text-sm font-medium">
        {label}
      </label>
      <input id={id} name={name} type={type} min={0} value={value} required class="input w-full" />
    </div>
  );
}

function Book({ at, book, budgets }: { at: PageContext; book: BookLine[]; budgets: LateDayBudget[] }) {
  const works = [
    ...new Set([
      ...budgets.map(({ kind }) => kind),
      ...book.flatMap((line) => line.balances.map((b) => b.work)),
    ]),
  ].sort();
  return (
    <Card title={at.t("lateness.book.people")} id="people">
      {book.length === 0 || works.length === 0 ? (
        <p class="muted">{at.t(book.length === 0 ? "lateness.book.nobody" : "lateness.book.none")}</p>
      ) : (
        <div class="overflow-x-auto">
          <table class="table table-sm">
            <thead>
              <tr>
                <th scope="col">{at.t("table.name")}</th>
                {works.map((work) => (
                  <th scope="col">{work}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {book.map((line) => (
                <tr>
                  <th scope="row" class="font-normal">
                    {line.name} <span class="muted">{line.email}</span>
                  </th>
                  {works.map((work) => (
                    <td class="tabular-nums">{line.balances.find((one) => one.work === work)?.left ?? 0}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
