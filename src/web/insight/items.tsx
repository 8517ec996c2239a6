import { Card } from "../components/parts.tsx";
import { ScoreBar } from "../components/score.tsx";
import type { PartProps } from "./props.ts";

/** Below this a test says little about who knows the rest. */
const TELLS_LITTLE = 0.2;

/** How hard each test is, how well it tells people apart, and after how many attempts it is passed. */
export function ItemTable({ at, insight: { tests } }: PartProps) {
  if (tests.length === 0) return null;
  const heads = [
    "insight.difficulty",
    "insight.discrimination",
    "insight.attempts",
    "insight.never",
  ] as const;
  return (
    <Card title={at.t("insight.items")} id="items">
      <p class="muted mb-3 text-sm">{at.t("insight.items.help")}</p>
      <section
        class="overflow-x-auto"
        tabindex={0}
        aria-label={`${at.t("insight.items")}: ${at.t("statistics.table")}`}
      >
        <table class="w-full text-sm">
          <thead>
            <tr class="text-left align-bottom">
              <th scope="col" class="pb-1 font-semibold">
                {at.t("statistics.test")}
              </th>
              <th scope="col" class="min-w-24 pb-1 font-semibold">
                {at.t("statistics.passed")}
              </th>
              {heads.map((head) => (
                <th scope="col" class="min-w-24 pb-1 pl-4 text-right font-semibold">
                  {at.t(head)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tests.map(({ title, ran, passed, difficulty, discrimination, attempts, never }) => (
              <tr class="border-t border-base-300 align-top">
                <th scope="row" class="min-w-40 py-1.5 pr-4 text-left font-normal wrap-anywhere">
                  {title[at.lang]}
                </th>
                <td class="py-1.5 whitespace-nowrap tabular-nums">
                  {`${passed} / ${ran}`}
                  <ScoreBar score={passed} max={ran} />
                </td>
                <td class="py-1.5 pl-4 text-right tabular-nums">{difficulty.toFixed(2)}</td>
                <td class="py-1.5 pl-4 text-right tabular-nums">
                  {discrimination === null ? "–" : discrimination.toFixed(2).replace("-", "−")}
                  {discrimination !== null && discrimination < TELLS_LITTLE && (
                    <span class="muted block text-xs">
                      {at.t(discrimination < 0 ? "insight.tells-wrong" : "insight.tells-little")}
                    </span>
                  )}
                </td>
                <td class="py-1.5 pl-4 text-right tabular-nums">{attempts ?? "–"}</td>
                <td class="py-1.5 pl-4 text-right tabular-nums">{never}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}
