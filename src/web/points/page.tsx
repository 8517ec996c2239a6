import type { UserError } from "../../platform/errors.ts";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty, Tag } from "../components/parts.tsx";
import { PreviewTable } from "../components/preview-table.tsx";
import { assignmentTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { points } from "../format.ts";
import { writeBands } from "./bands-text.ts";
import type { PointsRow } from "./form.ts";
import type { PointsView } from "./load.ts";

interface Props {
  at: PageContext;
  view: PointsView;
}
const refOf = ({ access }: PointsView) => `/assignments/${access.course.slug}.${access.assignment.slug}`;

export function PointsPage({ at, view, error }: Props & { error: UserError | null }) {
  const { course, assignment } = view.access;
  return (
    <Page
      at={at}
      title={at.t("worth.title")}
      lead={at.t("worth.lead")}
      trail={assignmentTrail(at, { course, assignment })}
    >
      <div class="grid gap-4">
        {error && <Alert kind="error">{error.sentence(at.lang)}</Alert>}
        {view.preview && <Preview at={at} view={view} />}
        {view.mayChange ? <Form at={at} view={view} /> : <Worths at={at} view={view} />}
        <Sets at={at} view={view} />
      </div>
    </Page>
  );
}

/** Who changes how, before anything does. */
function Preview({ at, view }: Props) {
  const { lines, looked, up, down, basis } = view.preview!;
  return (
    <Card title={at.t("worth.preview")} id="preview">
      <p class="mb-3" role="status">
        {at.t("worth.preview.sum", { looked, up, down })}
      </p>
      {lines.length > 0 && (
        <PreviewTable
          at={at}
          label={at.t("worth.preview")}
          lines={lines}
          columns={[
            {
              head: at.t("worth.before"),
              cell: ({ before }) => <span class="whitespace-nowrap">{sumOf(before)}</span>,
            },
            {
              head: at.t("worth.after"),
              cell: ({ after }) => <strong class="whitespace-nowrap">{sumOf(after)}</strong>,
            },
          ]}
        />
      )}
      <form method="post" action={`${refOf(view)}/points`} class="max-w-md">
        <input type="hidden" name="rules" value={JSON.stringify(view.rules)} />
        <input type="hidden" name="basis" value={basis} />
        <label for="worth-reason" class="mb-1 block text-sm font-medium">
          {at.t("worth.reason")}
        </label>
        <input
          id="worth-reason"
          name="reason"
          value={view.reason}
          required
          maxlength={500}
          class="input mb-3 w-full"
        />
        <button type="submit" class="btn btn-primary">
          {at.t("worth.apply")}
        </button>
      </form>
    </Card>
  );
}

const sumOf = ({ score, max }: { score: number; max: number }) => `${points(score)} / ${points(max)}`;

function Form({ at, view }: Props) {
  if (view.rows.length === 0) {
    return <Empty title={at.t("worth.no-tests")}>{at.t("worth.no-tests-help")}</Empty>;
  }
  return (
    <Card title={at.t("worth.tests")} id="tests">
      <form method="post" action={`${refOf(view)}/points/preview`}>
        <ul class="mb-4 grid gap-3">
          {view.rows.map((row) => (
            <TestRow at={at} view={view} row={row} />
          ))}
        </ul>
        <label for="bands" class="mb-1 block text-sm font-medium">
          {at.t("worth.bands")}
        </label>
        <textarea id="bands" name="bands" rows={2} class="textarea w-full font-mono text-sm">
          {writeBands(view.rules.bands)}
        </textarea>
        <p class="muted mt-1 mb-4 text-sm wrap-anywhere">{at.t("worth.bands.help")}</p>
        <button type="submit" class="btn btn-primary">
          {at.t("worth.look")}
        </button>
      </form>
    </Card>
  );
}

/** To read, for whoever may not change it. */
function Worths({ at, view: { rows, rules } }: Props) {
  if (rows.length === 0) return <Empty title={at.t("worth.no-tests")}>{at.t("worth.no-tests-help")}</Empty>;
  return (
    <Card title={at.t("worth.tests")} id="tests">
      <ul class="text-sm">
        {rows.map(({ name, title, max }) => (
          <li class="flex items-baseline gap-x-4 border-b border-base-300 py-2 last:border-0">
            <span class="min-w-0 wrap-anywhere">
              {title} <code class="muted">{name}</code>
            </span>
            <span class="ml-auto flex flex-none items-baseline gap-x-2 tabular-nums">
              {rules.drop.includes(name) && <Tag>{at.t("worth.how.drop")}</Tag>}
              {rules.full.includes(name) && <Tag>{at.t("worth.how.full")}</Tag>}
              {rules.bonus.includes(name) && <Tag>{at.t("worth.bonus")}</Tag>}
              {at.t("points.points", { points: points(rules.points[name] ?? max) })}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function TestRow({ at, view, row }: Props & { row: PointsRow }) {
  const { rules } = view;
  const how = rules.drop.includes(row.name) ? "drop" : rules.full.includes(row.name) ? "full" : "";
  const worth = Object.hasOwn(rules.points, row.name) ? rules.points[row.name]! : row.max;
  const id = `worth-${row.name}`;
  return (
    <li class="grid items-end gap-x-4 gap-y-1 border-b border-base-300 pb-3 sm:grid-cols-[1fr_7rem_11rem_auto]">
      <div class="min-w-0">
        <p class="wrap-anywhere">{row.title}</p>
        <p class="muted text-sm wrap-anywhere">
          <code>{row.name}</code> · {at.t("points.points", { points: points(row.max) })}
        </p>
      </div>
      <div>
        <label for={id} class="block text-sm">
          {at.t("worth.points")}
          <span class="sr-only">{` ${row.title}`}</span>
        </label>
        <input
          id={id}
          name={`worth:${row.name}`}
          value={points(worth)}
          inputmode="decimal"
          pattern="[0-9]{1,5}([.][0-9]{1,2})?"
          class="input input-sm w-full"
        />
      </div>
      <div>
        <label for={`how-${row.name}`} class="block text-sm">
          {at.t("worth.how")}
          <span class="sr-only">{` ${row.title}`}</span>
        </label>
        <select id={`how-${row.name}`} name={`how:${row.name}`} class="select select-sm w-full">
          {(["", "drop", "full"] as const).map((value) => (
            <option value={value} selected={value === how}>
              {at.t(`worth.how.${value || "earned"}`)}
            </option>
          ))}
        </select>
      </div>
      <label class="flex items-center gap-2 pb-1 text-sm">
        <input
          type="checkbox"
          name={`bonus:${row.name}`}
          value="yes"
          checked={rules.bonus.includes(row.name)}
          class="checkbox checkbox-sm"
        />
        {at.t("worth.bonus")}
        <span class="sr-only">{` ${row.title}`}</span>
      </label>
    </li>
  );
}

function Sets({ at, view }: Props) {
  const inForce = view.sets.find(({ undoneAt }) => undoneAt === null);
  return (
    <Card title={at.t("worth.sets")} id="sets">
      {view.sets.length === 0 && <p class="muted">{at.t("worth.sets.none")}</p>}
      <ol class="grid gap-2 text-sm">
        {view.sets.map((set) => (
          <li class="flex flex-wrap items-baseline gap-x-3">
            <strong>{at.t("worth.set", { number: set.number })}</strong>
            {set.id === inForce?.id && <Tag strong>{at.t("worth.in-force")}</Tag>}
            {set.undoneAt && <Tag>{at.t("worth.was-undone")}</Tag>}
            <span class="wrap-anywhere">{set.reason}</span>
            <span class="muted ml-auto">
              {set.by} · <Moment at={set.madeAt} zone={view.access.course.timeZone} lang={at.lang} />
            </span>
          </li>
        ))}
      </ol>
      {inForce && view.mayChange && (
        <form method="post" action={`${refOf(view)}/points/undo`} class="mt-4">
          <button type="submit" class="btn">
            {at.t("worth.undo", { number: inForce.number })}
          </button>
        </form>
      )}
    </Card>
  );
}
