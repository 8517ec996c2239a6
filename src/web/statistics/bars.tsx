// Bars from counts, with the same numbers in a table for whoever reads rather than looks.
import type { PageContext } from "../context.ts";

const WIDTH = 560;
const HEIGHT = 200;
const LEFT = 36;
const BOTTOM = 26;
const TOP = 18;
const MOST_WIDE = 90;

interface Props {
  at: PageContext;
  title: string;
  heads: [string, string];
  bars: { label: string; count: number }[];
}

export function Bars({ at, title, heads, bars }: Props) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  // A single day is no wall.
  const step = Math.min(MOST_WIDE, (WIDTH - LEFT) / Math.max(1, bars.length));
  const height = (count: number) => (count / most) * (HEIGHT - BOTTOM - TOP);
  // As many labels as have room.
  const every = Math.max(1, Math.ceil((bars.length * 62) / (WIDTH - LEFT)));
  return (
    <figure>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title} class="w-full max-w-2xl">
        <line
          x1={LEFT}
          x2={WIDTH}
          y1={HEIGHT - BOTTOM + 0.5}
          y2={HEIGHT - BOTTOM + 0.5}
          class="stroke-base-content/40"
        />
        {bars.map(({ label, count }, place) => {
          const x = LEFT + place * step;
          const top = HEIGHT - BOTTOM - height(count);
          return (
            <>
              <rect
                x={x + step * 0.1}
                y={top}
                width={step * 0.8}
                height={height(count)}
                rx={Math.min(3, step * 0.2)}
                class="fill-primary"
              />
              {count > 0 && step > 16 && (
                <text
                  x={x + step / 2}
                  y={top - 5}
                  text-anchor="middle"
                  class="fill-base-content text-[12px] max-sm:text-[18px] tabular-nums"
                >
                  {count}
                </text>
              )}
              {place % every === 0 && (
                <text
                  x={x + step / 2}
                  y={HEIGHT - 8}
                  text-anchor="middle"
                  class="fill-base-content/75 text-[12px] max-sm:text-[18px] tabular-nums"
                >
                  {label}
                </text>
              )}
            </>
          );
        })}
      </svg>
      <details class="mt-2 text-sm">
        <summary class="cursor-pointer">{at.t("statistics.table")}</summary>
        <table class="mt-2">
          <caption class="sr-only">{title}</caption>
          <thead>
            <tr>
              <th scope="col" class="pr-6 text-left font-semibold">
                {heads[0]}
              </th>
              <th scope="col" class="text-right font-semibold">
                {heads[1]}
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ label, count }) => (
              <tr>
                <th scope="row" class="pr-6 text-left font-normal">
                  {label}
                </th>
                <td class="text-right tabular-nums">{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
