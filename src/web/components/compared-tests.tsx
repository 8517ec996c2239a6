// Tests of two gradings side by side: what changed in a table, what did not in a line.
import type { Child } from "hono/jsx";
import type { ComparedTest, TestChange, Told } from "../../submissions/compare.ts";
import type { PageContext } from "../context.ts";
import { points } from "../format.ts";
import { Icon } from "./icons.tsx";
import { Empty } from "./parts.tsx";
import { Verdict } from "./verdict.tsx";

interface Props {
  at: PageContext;
  tests: ComparedTest[];
}

export function ComparedTests({ at, tests }: Props) {
  const changed = tests.filter(({ change }) => change !== "same");
  const same = tests.filter(({ change }) => change === "same");
  return (
    <>
      {changed.length === 0 ? (
        <Empty title={at.t("compare.tests.none")}>{at.t("compare.tests.none-help")}</Empty>
      ) : (
        <TestTable at={at} tests={changed} />
      )}
      {same.length > 0 && (
        <details class="mt-3">
          <summary class="cursor-pointer text-sm">
            {at.t("compare.tests.same", { count: same.length })}
          </summary>
          <div class="mt-2">
            <TestTable at={at} tests={same} />
          </div>
        </details>
      )}
    </>
  );
}

/** On a phone each test is a block of its own: name, before, after, change, one under the other. */
function TestTable({ at, tests }: Props) {
  return (
    <table class="w-full text-sm max-sm:block">
      <thead class="border-b border-base-300 max-sm:sr-only">
        <tr>
          {(["compare.test", "compare.before", "compare.after", "compare.change"] as const).map((key) => (
            <th scope="col" class="py-2 pr-4 text-left font-semibold last:pr-0">
              {at.t(key)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="max-sm:block">
        {tests.map((test) => (
          <tr
            class="border-b border-base-300 last:border-0 max-sm:grid max-sm:gap-1 max-sm:py-2"
            data-change={test.change}
          >
            <th scope="row" class="py-2 pr-4 text-left font-medium wrap-anywhere max-sm:py-0">
              {test.title[at.lang]}
            </th>
            <Ended at={at} label={at.t("compare.before")} test={test.before} />
            <Ended at={at} label={at.t("compare.after")} test={test.after} />
            <td class="py-2 whitespace-nowrap max-sm:py-0">
              <Change at={at} test={test} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Ended({ at, label, test }: { at: PageContext; label: string; test: Told | null }) {
  return (
    <td class="py-2 pr-4 max-sm:py-0">
      <span class="muted mr-2 sm:hidden">{label}</span>
      {test ? (
        <span class="inline-flex flex-wrap items-center gap-x-3">
          <Verdict verdict={test.verdict} t={at.t} />
          <span class="tabular-nums whitespace-nowrap">{`${points(test.score)} / ${points(test.max)}`}</span>
        </span>
      ) : (
        "–"
      )}
    </td>
  );
}

const looks: Record<TestChange, { colour: string; shape: Child }> = {
  higher: { colour: "text-success", shape: <path d="M8 13.5v-11M3 7.5l5-5 5 5" stroke-width="2" /> },
  lower: { colour: "text-error", shape: <path d="M8 2.5v11M3 8.5l5 5 5-5" stroke-width="2" /> },
  same: { colour: "", shape: <path d="M3 6h10M3 10.5h10" stroke-width="2" /> },
  new: { colour: "text-primary", shape: <path d="M8 2.5v11M2.5 8h11" stroke-width="2" /> },
  gone: { colour: "muted", shape: <path d="M2.5 8h11" stroke-width="2" /> },
  other: { colour: "text-info", shape: <path d="M2.5 5.5h10m-3-3 3 3-3 3M13.5 11h-10" stroke-width="1.6" /> },
};

function Change({ at, test }: { at: PageContext; test: ComparedTest }) {
  const { colour, shape } = looks[test.change];
  const moved = test.before && test.after ? test.after.score - test.before.score : 0;
  return (
    <span class={`inline-flex items-center gap-1.5 ${colour}`}>
      <Icon>{shape}</Icon>
      {at.t(`compare.change.${test.change}`)}
      {moved !== 0 && (
        <span class="tabular-nums">{`${moved > 0 ? "+" : "−"}${points(Math.abs(moved))}`}</span>
      )}
    </span>
  );
}
