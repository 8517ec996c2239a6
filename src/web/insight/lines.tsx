// Lines over a few places, with the same numbers in a table for whoever reads rather than looks. Lines differ by their
// dashes, not by colour alone.
import type { PageContext } from "../context.ts";

const WIDTH = 560;
const HEIGHT = 220;
const LEFT = 64;
const RIGHT = 10;
const BOTTOM = 28;
const TOP = 12;

const strokes = [
  { line: "stroke-primary", dash: "none", dot: "fill-primary" },
  { line: "stroke-base-content", dash: "7 4", dot: "fill-base-content" },
  { line: "stroke-base-content/70", dash: "2 4", dot: "fill-base-content/70" },
] as const;

export interface Series {
  label: string;
  /** One a place; null leaves a gap. */
  values: (number | null)[];
}

interface Props {
  at: PageContext;
  title: string;
  /** What the places are. */
  head: string;
  places: string[];
  series: Series[];
  /** A value in words. */
  show(value: number): string;
}

export function Lines({ at, title, head, places, series, show }: Props) {
  const most = Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)), 1e-9);
  const top = niceAbove(most);
  const x = (place: number) => LEFT + ((place + 0.5) / Math.max(1, places.length)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP);
  const every = Math.max(1, Math.ceil((places.length * 62) / (WIDTH - LEFT)));
  return (
    <figure>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title} class="w-full max-w-2xl">
        {[0, 0.5, 1].map((share) => (
          <>
            <line
              x1={LEFT}
              x2={WIDTH - RIGHT}
              y1={y(top * share)}
              y2={y(top * share)}
              class="stroke-base-content/25"
            />
            <text
              x={LEFT - 6}
              y={y(top * share) + 4}
              text-anchor="end"
              class="fill-base-content/75 text-[12px] max-sm:text-[18px] tabular-nums"
            >
              {share === 0 || show(top * share) !== show(0) ? show(top * share) : ""}
            </text>
          </>
        ))}
        {places.map((label, place) =>
          place % every === 0 ? (
            <text
              x={x(place)}
              y={HEIGHT - 8}
              text-anchor="middle"
              class="fill-base-content/75 text-[12px] max-sm:text-[18px] tabular-nums"
            >
              {label}
            </text>
          ) : null,
        )}
        {series.map(({ values }, nth) => (
          <Line
            points={values.map((value, place) => (value === null ? null : [x(place), y(value)]))}
            nth={nth}
          />
        ))}
      </svg>
      <figcaption class="mt-1 flex flex-wrap gap-x-4 text-sm">
        {series.map(({ label }, nth) => (
          <span class="flex items-center gap-2">
            <svg viewBox="0 0 28 8" class="h-2 w-7" aria-hidden="true">
              <Line
                points={[
                  [1, 4],
                  [27, 4],
                ]}
                nth={nth}
                dots={false}
              />
            </svg>
            {label}
          </span>
        ))}
      </figcaption>
      <details class="mt-2 text-sm">
        <summary class="cursor-pointer">{at.t("statistics.table")}</summary>
        <section
          class="mt-2 overflow-x-auto"
          tabindex={0}
          aria-label={`${title}: ${at.t("statistics.table")}`}
        >
          <table>
            <caption class="sr-only">{title}</caption>
            <thead>
              <tr>
                {[head, ...series.map(({ label }) => label)].map((name, column) => (
                  <th
                    scope="col"
                    class={column === 0 ? "text-left font-semibold" : "pl-6 text-right font-semibold"}
                  >
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {places.map((label, place) => (
                <tr>
                  <th scope="row" class="text-left font-normal">
                    {label}
                  </th>
                  {series.map(({ values }) => (
                    <td class="pl-6 text-right tabular-nums">
                      {values[place] == null ? "–" : show(values[place])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}

function Line({
  points,
  nth,
  dots = true,
}: {
  points: ([number, number] | null)[];
  nth: number;
  dots?: boolean;
}) {
  const { line, dash, dot } = strokes[nth % strokes.length]!;
  const path = points
    .map((point, at) => (point ? `${at > 0 && points[at - 1] ? "L" : "M"}${point[0]} ${point[1]}` : ""))
    .join("");
  return (
    <>
      <path d={path} fill="none" stroke-width={2} stroke-dasharray={dash} class={line} />
      {dots && points.map((point) => point && <circle cx={point[0]} cy={point[1]} r={3} class={dot} />)}
    </>
  );
}

/** A round number at or above: 1, 2, 5 and their tens. */
function niceAbove(value: number): number {
  const ten = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * ten).find((step) => step >= value - 1e-12)!;
}
