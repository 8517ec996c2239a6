import type { AssignmentAccess } from "../../assignments/assignments.ts";
import { allows } from "../../courses/access.ts";
import { TABLE_SIZES, type TableQuery, type TableRow, tableStates } from "../../submissions/table.ts";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Empty } from "../components/parts.tsx";
import { assignmentTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { points } from "../format.ts";
import type { MessageKey } from "../messages/translate.ts";

interface Props {
  at: PageContext;
  access: AssignmentAccess;
  query: TableQuery;
  rows: TableRow[];
  total: number;
}

const addressOf = ({ access: { course, assignment } }: Props) =>
  `/assignments/${course.slug}.${assignment.slug}/submissions`;

export function TablePage(props: Props) {
  const { at, access, query } = props;
  const { course, assignment } = access;
  const address = addressOf(props);
  return (
    <Page
      at={at}
      title={at.t("table.title")}
      wide
      lead={
        <>
          {assignment.title[at.lang]} ·{" "}
          <a href={`/assignments/${course.slug}.${assignment.slug}/review`} class="link">
            {at.t("review.next")}
          </a>{" "}
          ·{" "}
          <a href={`/assignments/${course.slug}.${assignment.slug}/marking`} class="link">
            {at.t("marking.title")}
          </a>{" "}
          ·{" "}
          <a href={`/assignments/${course.slug}.${assignment.slug}/release`} class="link">
            {at.t("release.title")}
          </a>{" "}
          ·{" "}
          <a href={`/assignments/${course.slug}.${assignment.slug}/statistics`} class="link">
            {at.t("statistics.title")}
          </a>{" "}
          ·{" "}
          <a href={`/assignments/${course.slug}.${assignment.slug}/mistakes`} class="link">
            {at.t("mistakes.title")}
          </a>{" "}
          ·{" "}
          <a href={`/assignments/${course.slug}.${assignment.slug}/similarity`} class="link">
            {at.t("similarity.title")}
          </a>{" "}
          ·{" "}
          <a href={`/assignments/${course.slug}.${assignment.slug}/rerun`} class="link">
            {at.t("rerun.link")}
          </a>
          {allows(access.standing, "submission.move_in") && (
            <>
              {" "}
              ·{" "}
              <a href={`/assignments/${course.slug}.${assignment.slug}/move-in`} class="link">
                {at.t("moving.title")}
              </a>
            </>
          )}
        </>
      }
      trail={assignmentTrail(at, { course, assignment })}
    >
      <form
        method="get"
        action={address}
        class="mb-4 flex flex-wrap items-end gap-3"
        hx-get={address}
        hx-target="#rows"
        hx-swap="outerHTML"
        hx-trigger="submit, change, input delay:300ms from:#table-search"
      >
        <input type="hidden" name="sort" value={query.sort} />
        <input type="hidden" name="order" value={query.order} />
        <div class="w-full sm:w-72">
          <label for="table-search" class="mb-1 block text-sm font-medium">
            {at.t("table.search")}
          </label>
          <input id="table-search" type="search" name="q" value={query.q} class="input w-full" />
        </div>
        <Choice label={at.t("table.state")} name="state" value={query.state}>
          {tableStates.map((state) => [state, at.t(state === "" ? "table.any" : `state.${state}`)])}
        </Choice>
        <Choice label={at.t("table.rows")} name="size" value={String(query.size)}>
          {TABLE_SIZES.map((size) => [String(size), String(size)])}
        </Choice>
        <button type="submit" class="btn">
          {at.t("table.show")}
        </button>
      </form>
      <Rows {...props} />
    </Page>
  );
}

function Choice(props: { label: string; name: string; value: string; children: [string, string][] }) {
  const id = `table-${props.name}`;
  return (
    <div>
      <label for={id} class="mb-1 block text-sm font-medium">
        {props.label}
      </label>
      <select id={id} name={props.name} class="select w-auto">
        {props.children.map(([value, text]) => (
          <option value={value} selected={value === props.value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What is fetched anew when the filter changes. */
export function Rows(props: Props) {
  const { at, rows, total } = props;
  return (
    <div id="rows">
      <p class="muted mb-2 text-sm" role="status">
        {at.t("table.count", { total })}
      </p>
      {rows.length === 0 ? (
        <Empty title={at.t("table.empty")}>{at.t("table.empty-help")}</Empty>
      ) : (
        <div class="card-box overflow-x-auto p-0">
          <table class="w-full text-sm">
            <thead class="border-b border-base-300 text-left">
              <tr>
                <Sorted {...props} column="name" label="table.name" />
                <Sorted {...props} column="number" label="table.number" class="hidden md:table-cell" />
                <Sorted {...props} column="state" label="table.state" />
                <Sorted {...props} column="score" label="table.score" class="text-right" />
                <Sorted {...props} column="received" label="table.submitted" class="hidden sm:table-cell" />
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row at={at} zone={props.access.course.timeZone} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pages {...props} />
    </div>
  );
}

function Row({ at, zone, row }: { at: PageContext; zone: string; row: TableRow }) {
  return (
    <tr class="border-b border-base-300 last:border-0">
      <th scope="row" class="px-4 py-2 text-left font-medium wrap-anywhere">
        {row.submissionId ? (
          <a
            href={`/submissions/${row.submissionId}`}
            class="link"
            aria-label={at.t("table.open", { name: row.name })}
          >
            {row.name}
          </a>
        ) : (
          row.name
        )}
        <span class="muted hidden font-normal sm:block">{row.email}</span>
      </th>
      <td class="hidden px-4 py-2 md:table-cell">{row.studentNumber}</td>
      <td class="px-4 py-2">
        {at.t(`state.${row.state ?? "none"}`)}
        {row.number !== null && (
          <span class="muted whitespace-nowrap max-sm:block">
            <span class="max-sm:hidden">{" · "}</span>
            {at.t("table.attempt", { number: row.number })}
          </span>
        )}
      </td>
      <td class="px-4 py-2 text-right tabular-nums whitespace-nowrap">
        {row.score !== null && `${points(row.score)} / ${points(row.max ?? 0)}`}
      </td>
      <td class="hidden px-4 py-2 sm:table-cell">
        {row.receivedAt && <Moment at={row.receivedAt} zone={zone} lang={at.lang} />}
      </td>
    </tr>
  );
}

function Sorted(props: Props & { column: TableQuery["sort"]; label: MessageKey; class?: string }) {
  const { at, query, column } = props;
  const current = query.sort === column;
  const order = current && query.order === "asc" ? "desc" : "asc";
  return (
    <th
      scope="col"
      class={`px-4 py-2 ${props.class ?? ""}`}
      aria-sort={current ? (query.order === "asc" ? "ascending" : "descending") : undefined}
    >
      <a href={withQuery(props, { sort: column, order, page: 1 })} class="link link-hover font-semibold">
        {at.t(props.label)}
        {current && <span aria-hidden="true">{query.order === "asc" ? " ▲" : " ▼"}</span>}
      </a>
    </th>
  );
}

function Pages(props: Props) {
  const { at, query, total } = props;
  const pages = Math.max(1, Math.ceil(total / query.size));
  if (pages === 1) return null;
  return (
    <nav
      class="mt-4 flex items-center gap-3 text-sm"
      aria-label={at.t("table.page", { page: query.page, pages })}
    >
      {query.page > 1 && (
        <a class="btn btn-sm" href={withQuery(props, { page: query.page - 1 })}>
          {at.t("table.previous")}
        </a>
      )}
      <span>{at.t("table.page", { page: query.page, pages })}</span>
      {query.page < pages && (
        <a class="btn btn-sm" href={withQuery(props, { page: query.page + 1 })}>
          {at.t("table.next")}
        </a>
      )}
    </nav>
  );
}

function withQuery(props: Props, change: Partial<TableQuery>): string {
  const query = { ...props.query, ...change };
  const params = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string]),
  );
  return `${addressOf(props)}?${params}`;
}
