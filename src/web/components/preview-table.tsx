// What a change of many submissions would do to each, before it is done: the first of them, and how many more.
import type { Child } from "hono/jsx";
import type { PageContext } from "../context.ts";

const LINES_SHOWN = 200;

interface Line {
  submissionId: string;
  name: string;
  number: number;
}

interface Props<L extends Line> {
  at: PageContext;
  /** What the region is called. */
  label: string;
  lines: readonly L[];
  /** After the name, a column each. */
  columns: { head: string; cell(line: L): Child }[];
}

export function PreviewTable<L extends Line>({ at, label, lines, columns }: Props<L>) {
  return (
    <>
      <section
        class="mb-4 max-h-96 overflow-auto"
        tabindex={0}
        aria-label={`${label}: ${at.t("statistics.table")}`}
      >
        <table class="table table-sm">
          <thead class="text-base-content">
            <tr>
              <th scope="col">{at.t("table.name")}</th>
              {columns.map(({ head }) => (
                <th scope="col">{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, LINES_SHOWN).map((line) => (
              <tr>
                <th scope="row" class="font-normal wrap-anywhere">
                  <a href={`/submissions/${line.submissionId}`} class="link">
                    {line.name}
                  </a>{" "}
                  <span class="muted whitespace-nowrap">
                    {at.t("submission.title", { number: line.number })}
                  </span>
                </th>
                {columns.map(({ cell }) => (
                  <td class="tabular-nums">{cell(line)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {lines.length > LINES_SHOWN && (
        <p class="muted mb-3 text-sm">{at.t("worth.more", { count: lines.length - LINES_SHOWN })}</p>
      )}
    </>
  );
}
