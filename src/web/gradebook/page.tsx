import { GRADEBOOK_SIZES } from "../../gradebook/gradebook.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Page } from "../components/page.tsx";
import { Empty } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import { addressOf, type Props, withQuery } from "./props.ts";
import { GradebookTable } from "./table.tsx";
import { ExportMenu, Weights } from "./tools.tsx";

export function GradebookPage(props: Props) {
  const { at, access } = props;
  return (
    <Page
      at={at}
      title={at.t("gradebook.title")}
      wide
      lead={at.t("gradebook.lead")}
      trail={courseTrail(at, access.course)}
    >
      <CourseNav at={at} access={access} here="gradebook" />
      <Filter {...props} />
      <Rows {...props} />
    </Page>
  );
}

function Filter(props: Props) {
  const { at, access, query, gradebook } = props;
  const address = addressOf(access);
  return (
    <div class="mb-4 flex flex-wrap items-end gap-3">
      <form
        method="get"
        action={address}
        class="flex grow flex-wrap items-end gap-3"
        hx-get={address}
        hx-target="#rows"
        hx-swap="outerHTML"
        hx-trigger="submit, change, input delay:300ms from:#gradebook-search"
      >
        <input type="hidden" name="sort" value={query.sort} />
        <input type="hidden" name="order" value={query.order} />
        <div class="w-full sm:w-72">
          <label for="gradebook-search" class="mb-1 block text-sm font-medium">
            {at.t("gradebook.search")}
          </label>
          <input id="gradebook-search" type="search" name="q" value={query.q} class="input w-full" />
        </div>
        {gradebook.sections.length > 0 && (
          <Choice label={at.t("gradebook.section")} name="section" value={query.section}>
            {[
              ["", at.t("gradebook.section.any")],
              ...gradebook.sections.map((one): [string, string] => [one, one]),
            ]}
          </Choice>
        )}
        <Choice label={at.t("gradebook.rows")} name="size" value={String(query.size)}>
          {GRADEBOOK_SIZES.map((size) => [String(size), String(size)])}
        </Choice>
        <button type="submit" class="btn">
          {at.t("gradebook.show")}
        </button>
      </form>
      <Weights {...props} />
    </div>
  );
}

function Choice(props: { label: string; name: string; value: string; children: [string, string][] }) {
  const id = `gradebook-${props.name}`;
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

/** What is fetched anew when the filter changes; the export goes by the same filter, so it stands here. */
export function Rows(props: Props) {
  const { at, gradebook } = props;
  return (
    <div id="rows">
      <div class="mb-2 flex flex-wrap items-center justify-between gap-3">
        <p class="muted text-sm" role="status">
          {at.t("gradebook.count", { count: gradebook.count })}
        </p>
        <ExportMenu {...props} />
      </div>
      {gradebook.columns.length === 0 ? (
        <Empty title={at.t("gradebook.no-assignments")}>{at.t("gradebook.no-assignments-help")}</Empty>
      ) : gradebook.rows.length === 0 ? (
        <Empty title={at.t("gradebook.empty")}>{at.t("gradebook.empty-help")}</Empty>
      ) : (
        <GradebookTable {...props} />
      )}
      <Pages {...props} />
    </div>
  );
}

function Pages(props: Props) {
  const { at, query, gradebook } = props;
  const pages = Math.max(1, Math.ceil(gradebook.count / query.size));
  if (pages === 1) return null;
  const label = at.t("table.page", { page: query.page, pages });
  return (
    <nav class="mt-4 flex items-center gap-3 text-sm" aria-label={label}>
      {query.page > 1 && (
        <a class="btn btn-sm" href={withQuery(props, { page: query.page - 1 })}>
          {at.t("table.previous")}
        </a>
      )}
      <span>{label}</span>
      {query.page < pages && (
        <a class="btn btn-sm" href={withQuery(props, { page: query.page + 1 })}>
          {at.t("table.next")}
        </a>
      )}
    </nav>
  );
}
