import { allows, type CourseAccess } from "../../courses/access.ts";
import type { RosterRow } from "../../courses/courses.ts";
import { ROSTER_PAGE_ROWS, type RosterQuery } from "../../courses/roster-entries.ts";
import { roles } from "../../courses/tables.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty, Field } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";

export interface RosterView {
  access: CourseAccess;
  query: RosterQuery;
  rows: RosterRow[];
  total: number;
  sections: string[];
  error: string | null;
}

interface Props {
  at: PageContext;
  view: RosterView;
}

const addressOf = ({ access }: RosterView) => `/courses/${access.course.slug}/roster`;

export function RosterPage({ at, view }: Props) {
  const { course, standing } = view.access;
  const leader = allows(standing, "roster.edit");
  return (
    <Page at={at} title={at.t("roster.title")} wide trail={courseTrail(at, course)}>
      <CourseNav at={at} access={view.access} here="roster" />
      {view.error && (
        <div class="mb-4">
          <Alert kind="error" title={at.t("roster.import.failed")}>
            {view.error}
          </Alert>
        </div>
      )}
      <div
        class={`grid grid-cols-[minmax(0,1fr)] items-start gap-4 ${leader ? "lg:grid-cols-[minmax(0,1fr)_22rem]" : ""}`}
      >
        <div>
          <Filter at={at} view={view} />
          <Rows at={at} view={view} />
        </div>
        {leader && (
          <div class="grid gap-4">
            <ImportCard at={at} view={view} />
            <AddCard at={at} view={view} />
          </div>
        )}
      </div>
    </Page>
  );
}

function Filter({ at, view }: Props) {
  const { query } = view;
  const address = addressOf(view);
  return (
    <form
      method="get"
      action={address}
      class="mb-4 flex flex-wrap items-end gap-3"
      hx-get={address}
      hx-target="#rows"
      hx-swap="outerHTML"
      hx-trigger="submit, change, input delay:300ms from:#roster-search"
    >
      <div class="w-full sm:w-64">
        <label for="roster-search" class="mb-1 block text-sm font-medium">
          {at.t("roster.search")}
        </label>
        <input id="roster-search" type="search" name="q" value={query.q} class="input w-full" />
      </div>
      <Choice at={at} name="role" value={query.role}>
        {roles.map((role) => [role, at.t(`role.${role}`)])}
      </Choice>
      {view.sections.length > 0 && (
        <Choice at={at} name="section" value={query.section}>
          {view.sections.map((section) => [section, section])}
        </Choice>
      )}
      <button type="submit" class="btn">
        {at.t("table.show")}
      </button>
    </form>
  );
}

function Choice(props: {
  at: PageContext;
  name: "role" | "section";
  value: string;
  children: [string, string][];
}) {
  const id = `roster-${props.name}`;
  return (
    <div>
      <label for={id} class="mb-1 block text-sm font-medium">
        {props.at.t(`roster.${props.name}`)}
      </label>
      <select id={id} name={props.name} class="select w-auto">
        <option value="">{props.at.t("roster.any")}</option>
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
export function Rows({ at, view }: Props) {
  const { rows, total } = view;
  return (
    <div id="rows">
      <p class="muted mb-2 text-sm" role="status">
        {at.t("table.count", { total })}
      </p>
      {rows.length === 0 ? (
        <Empty title={at.t("roster.empty")}>{at.t("roster.empty-help")}</Empty>
      ) : (
        <div class="card-box overflow-x-auto p-0">
          <table class="w-full text-sm">
            <thead class="border-b border-base-300 text-left">
              <tr>
                <th scope="col" class="px-4 py-2 font-semibold break-keep">
                  {at.t("table.name")}
                </th>
                <th scope="col" class="px-4 py-2 font-semibold break-keep">
                  {at.t("roster.role")}
                </th>
                <th scope="col" class="hidden px-4 py-2 font-semibold sm:table-cell">
                  {at.t("roster.number")}
                </th>
                <th scope="col" class="px-4 py-2 font-semibold break-keep">
                  {at.t("roster.section")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row at={at} view={view} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Next at={at} view={view} />
    </div>
  );
}

function Row({ at, view, row }: Props & { row: RosterRow }) {
  const leader = allows(view.access.standing, "roster.edit");
  return (
    <tr class="border-b border-base-300 last:border-0">
      <th scope="row" class="px-4 py-2 text-left font-medium wrap-anywhere">
        {leader ? (
          <a
            href={`${addressOf(view)}/${row.personId}`}
            class="link"
            aria-label={at.t("roster.edit", { name: row.name })}
          >
            {row.name}
          </a>
        ) : (
          row.name
        )}
        <span class="muted block font-normal">{row.email}</span>
      </th>
      <td class="px-4 py-2 break-keep">{at.t(`role.${row.role}`)}</td>
      <td class="hidden px-4 py-2 sm:table-cell">{row.studentNumber}</td>
      <td class="px-4 py-2">{row.section}</td>
    </tr>
  );
}

function Next({ at, view }: Props) {
  const last = view.rows.at(-1);
  if (!last || view.rows.length < ROSTER_PAGE_ROWS) return null;
  const params = new URLSearchParams({ ...view.query, after: last.email });
  return (
    <a class="btn btn-sm mt-4" href={`${addressOf(view)}?${params}`}>
      {at.t("table.next")}
    </a>
  );
}

function ImportCard({ at, view }: Props) {
  return (
    <Card title={at.t("roster.import")} id="import">
      <form method="post" action={`${addressOf(view)}/preview`} enctype="multipart/form-data">
        <p class="mb-3 text-sm">{at.t("roster.import.help")}</p>
        <label for="roster-file" class="mb-1 block text-sm font-medium">
          {at.t("roster.import.choose")}
        </label>
        <input
          id="roster-file"
          type="file"
          name="file"
          accept=".csv,.txt,text/csv"
          required
          class="file-input mb-4 w-full"
        />
        <Field label={at.t("roster.import.domain")} name="domain" required={false} />
        <button type="submit" class="btn btn-primary w-full">
          {at.t("roster.import.look")}
        </button>
      </form>
    </Card>
  );
}

function AddCard({ at, view }: Props) {
  return (
    <Card title={at.t("roster.add")} id="add">
      <form method="post" action={`${addressOf(view)}/add`}>
        <Field label={at.t("account.name")} name="name" />
        <Field label={at.t("account.email")} name="email" type="email" />
        <RoleField at={at} value="student" />
        <Field label={at.t("roster.number")} name="student_number" required={false} />
        <Field label={at.t("roster.section")} name="section" required={false} />
        <button type="submit" class="btn w-full">
          {at.t("roster.add.do")}
        </button>
      </form>
    </Card>
  );
}

export function RoleField({ at, value }: { at: PageContext; value: string }) {
  return (
    <div class="mb-4">
      <label for="field-role" class="mb-1 block text-sm font-medium">
        {at.t("roster.role")}
      </label>
      <select id="field-role" name="role" class="select w-full">
        {roles.map((role) => (
          <option value={role} selected={role === value}>
            {at.t(`role.${role}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
