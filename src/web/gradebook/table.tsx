import type { Column, GradebookRow } from "../../gradebook/gradebook.ts";
import type { Standing } from "../../gradebook/standings.ts";
import { ScoreBar } from "../components/score.tsx";
import { days, points } from "../format.ts";
import { type Props, withQuery } from "./props.ts";

/** Head and names stay in sight while points scroll under them; the total is the last column. */
export function GradebookTable(props: Props) {
  const { at, gradebook } = props;
  return (
    <section class="gradebook card-box p-0" tabindex={0} aria-label={at.t("gradebook.table")}>
      <table>
        <caption class="sr-only">{at.t("gradebook.table")}</caption>
        <thead>
          <tr>
            <Head {...props} sort="name" text={at.t("gradebook.student")} class="who" />
            <Head {...props} sort="number" text={at.t("gradebook.number")} class="hidden lg:table-cell" />
            {gradebook.columns.map((column) => (
              <Head {...props} sort={column.assignment.slug} text={column.assignment.title[at.lang]} points>
                <ColumnFacts {...props} column={column} />
              </Head>
            ))}
            <Head {...props} sort="total" text={at.t("gradebook.total")} points />
          </tr>
        </thead>
        <tbody>
          {gradebook.rows.map((row) => (
            <Row {...props} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ColumnFacts({ at, column }: Props & { column: Column }) {
  const facts = [
    at.t("gradebook.of", { max: points(column.max) }),
    ...(column.weight === null ? [] : [at.t("gradebook.weight", { weight: column.weight })]),
  ];
  return <span class="muted block font-normal whitespace-nowrap">{facts.join(" · ")}</span>;
}

type HeadProps = Props & { sort: string; text: string; points?: boolean; class?: string; children?: unknown };

function Head(props: HeadProps) {
  const { query, sort } = props;
  const current = query.sort === sort;
  // The best first is what is asked of points.
  const first = props.points ? "desc" : "asc";
  const other = query.order === "asc" ? "desc" : "asc";
  return (
    <th
      scope="col"
      class={`${props.points ? "text-right" : "text-left"} ${props.class ?? ""}`}
      aria-sort={current ? (query.order === "asc" ? "ascending" : "descending") : undefined}
    >
      <a
        href={withQuery(props, { sort, order: current ? other : first, page: 1 })}
        class="link link-hover font-semibold"
      >
        {props.text}
        {current && <span aria-hidden="true">{query.order === "asc" ? " ▲" : " ▼"}</span>}
      </a>
      {props.children}
    </th>
  );
}

function Row(props: Props & { row: GradebookRow }) {
  const { row } = props;
  const { points: got, max } = row.total;
  return (
    <tr>
      <th scope="row" class="who">
        <a
          href={`/courses/${props.access.course.slug}/as/${row.personId}`}
          class="link link-hover font-medium"
          title={props.at.t("gradebook.see-as", { name: row.name })}
        >
          {row.name}
        </a>
        <span class="muted block text-xs font-normal">
          {[row.section, row.email].filter(Boolean).join(" · ")}
        </span>
      </th>
      <td class="hidden text-left lg:table-cell">{row.studentNumber}</td>
      {row.cells.map((cell, at) => (
        <Cell {...props} cell={cell} column={props.gradebook.columns[at]!} />
      ))}
      <td class="font-semibold" data-total>
        {points(got)}
        <span class="muted font-normal">{` / ${points(max)}`}</span>
      </td>
    </tr>
  );
}

function Cell(props: Props & { row: GradebookRow; cell: Standing | null; column: Column }) {
  const { at, cell, row, column } = props;
  if (!cell) {
    return (
      <td>
        <span class="muted" aria-hidden="true">
          –
        </span>
        <span class="sr-only">{at.t("gradebook.none")}</span>
      </td>
    );
  }
  const shown = cell.points ? points(cell.points.total) : at.t(`state.${cell.state ?? "none"}`);
  const notes = [
    ...(cell.timing.days > 0 ? [at.t("gradebook.late", { days: days(cell.timing.days, at.lang) })] : []),
    ...(cell.points && cell.points.left > 0 ? [at.t("gradebook.left")] : []),
  ];
  const name = at.t("gradebook.cell", {
    name: row.name,
    assignment: column.assignment.title[at.lang],
    points: [shown, ...notes].join(", "),
  });
  return (
    <td>
      <a href={`/submissions/${cell.submissionId}`} class="link link-hover" aria-label={name}>
        {shown}
      </a>
      {cell.points && <ScoreBar score={cell.points.total} max={cell.points.max} />}
      {notes.length > 0 && <span class="muted block text-xs whitespace-nowrap">{notes.join(" · ")}</span>}
    </td>
  );
}
