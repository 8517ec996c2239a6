// A score to look at: how much of the ring is full is how much of the points is there.
import { points } from "../format.ts";
import type { Translate } from "../messages/translate.ts";

const RADIUS = 42;
const LENGTH = 2 * Math.PI * RADIUS;

export function ScoreRing({ score, max, t }: { score: number; max: number; t: Translate }) {
  const share = max > 0 ? Math.min(1, Math.max(0, score / max)) : 0;
  const label = t("score.label", { score: points(score), max: points(max) });
  return (
    <svg viewBox="0 0 100 100" role="img" aria-label={label} class="size-28 shrink-0">
      <circle cx="50" cy="50" r={RADIUS} fill="none" stroke-width="9" class="stroke-base-300" />
      {share > 0 && (
        <circle
          cx="50"
          cy="50"
          r={RADIUS}
          fill="none"
          stroke-width="9"
          stroke-linecap="round"
          stroke-dasharray={`${share * LENGTH} ${LENGTH}`}
          transform="rotate(-90 50 50)"
          class="stroke-primary"
        />
      )}
      <text
        x="50"
        y="52"
        text-anchor="middle"
        class="fill-base-content text-[22px] font-semibold tabular-nums"
      >
        {points(score)}
      </text>
      <text x="50" y="68" text-anchor="middle" class="fill-base-content/75 text-[12px] tabular-nums">
        {`/ ${points(max)}`}
      </text>
    </svg>
  );
}

/** The same as a bar, for lists. */
export function ScoreBar({ score, max }: { score: number; max: number }) {
  const share = max > 0 ? Math.min(1, Math.max(0, score / max)) : 0;
  return (
    <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" class="h-1.5 w-full rounded-full">
      <rect width="100" height="6" class="fill-base-300" />
      <rect width={share * 100} height="6" class="fill-primary" />
    </svg>
  );
}

export interface SumLine {
  label: string;
  /** Hundredths; what is taken away is negative. */
  points: number;
  max?: number;
}

/** Accounting as a sum that anybody can add up. */
export function Sum({ title, lines, total }: { title: string; lines: SumLine[]; total: SumLine }) {
  return (
    <table class="w-full text-sm">
      <caption class="sr-only">{title}</caption>
      <tbody>
        {lines.map((line) => (
          <SumRow line={line} sign />
        ))}
      </tbody>
      <tfoot>
        <SumRow line={total} strong />
      </tfoot>
    </table>
  );
}

function SumRow({ line, sign, strong }: { line: SumLine; sign?: boolean; strong?: boolean }) {
  const value = sign && line.points < 0 ? `−${points(-line.points)}` : points(line.points);
  return (
    <tr class={strong ? "border-t border-base-content/40 font-semibold" : ""}>
      <th scope="row" class={`py-1 pr-4 text-left ${strong ? "font-semibold" : "font-normal"}`}>
        {line.label}
      </th>
      <td class="py-1 text-right tabular-nums whitespace-nowrap">
        {value}
        {line.max !== undefined && <span class="muted font-normal">{` / ${points(line.max)}`}</span>}
      </td>
    </tr>
  );
}
