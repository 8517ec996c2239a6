// A table whose cells are the darker the more there is: rows over days.
import type { PageContext } from "../context.ts";

interface Props {
  at: PageContext;
  title: string;
  head: string;
  days: string[];
  rows: { label: string; cells: (number | null)[] }[];
  /** How dark a value is, from 0 to 1. */
  shade(value: number): number;
  show(value: number): string;
}

const shades = ["", "bg-primary/10", "bg-primary/20", "bg-primary/30", "bg-primary/40"] as const;

export function Heat({ at, title, head, days, rows, shade, show }: Props) {
  return (
    <section class="overflow-x-auto" tabindex={0} aria-label={`${title}: ${at.t("statistics.table")}`}>
      <table class="w-full border-separate border-spacing-0.5 text-sm">
        <caption class="sr-only">{title}</caption>
        <thead>
          <tr class="align-bottom">
            <th scope="col" class="pb-1 text-left font-semibold">
              {head}
            </th>
            {days.map((day) => (
              <th scope="col" class="px-1 pb-1 text-right text-xs font-normal whitespace-nowrap tabular-nums">
                {day.slice(5)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, cells }) => (
            <tr>
              <th scope="row" class="min-w-40 py-1 pr-3 text-left font-normal wrap-anywhere">
                {label}
              </th>
              {cells.map((value) => (
                <td
                  class={`rounded-field px-1 text-right tabular-nums ${
                    value === null ? "" : shades[Math.round(Math.max(0, Math.min(1, shade(value))) * 4)]
                  }`}
                >
                  {value === null ? <span class="muted">·</span> : show(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
