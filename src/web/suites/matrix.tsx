// Mutants × tests as a picture that is a table: a shape in each cell, a word for whoever hears it.
import type { Child } from "hono/jsx";
import type { MutantProof, Proof } from "../../judge/proof.ts";
import { Icon } from "../components/icons.tsx";
import { Card, Empty } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";

export type Cell = "seen" | "passes" | "more" | "missed" | "unsteady";
const cells: Cell[] = ["seen", "passes", "more", "missed", "unsteady"];

/** What a mutant does in a test, as weighed: pure. */
export function cellOf({ killed_by, expected, unsteady }: MutantProof, test: string): Cell {
  if (unsteady.includes(test)) return "unsteady";
  if (killed_by.includes(test)) return expected.includes(test) ? "seen" : "more";
  return expected.includes(test) ? "missed" : "passes";
}

const looks: Record<Cell, { colour: string; shape: Child }> = {
  seen: { colour: "text-success", shape: <circle cx="8" cy="8" r="6" fill="currentColor" stroke="none" /> },
  passes: {
    colour: "text-base-content/60",
    shape: <circle cx="8" cy="8" r="1.6" fill="currentColor" stroke="none" />,
  },
  more: { colour: "text-warning", shape: <path d="M8 2.5v11M2.5 8h11" stroke-width="2.6" /> },
  missed: {
    colour: "text-error",
    shape: (
      <>
        <rect x="2" y="2" width="12" height="12" rx="1.5" />
        <path d="M5 8h6" stroke-width="2" />
      </>
    ),
  },
  unsteady: {
    colour: "text-info",
    shape: (
      <>
        <circle cx="8" cy="8" r="6" />
        <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
      </>
    ),
  },
};

const Shape = ({ cell }: { cell: Cell }) => (
  <span class={looks[cell].colour}>
    <Icon>{looks[cell].shape}</Icon>
  </span>
);

export function MatrixCard({ at, proof }: { at: PageContext; proof: Proof }) {
  return (
    <Card title={at.t("suite.matrix")} id="matrix">
      {proof.mutants.length === 0 ? (
        <Empty title={at.t("suite.matrix.empty")}>{at.t("suite.matrix.empty-help")}</Empty>
      ) : (
        <>
          <p class="mb-3 text-sm">{at.t("suite.matrix.help")}</p>
          <section class="relative overflow-x-auto" tabindex={0} aria-labelledby="matrix-title">
            <table class="text-sm">
              <thead>
                <tr>
                  <th
                    scope="col"
                    class="sticky left-0 z-10 bg-base-100 py-1 pr-4 text-left align-bottom font-medium"
                  >
                    {at.t("suite.matrix.mutant")}
                  </th>
                  {proof.tests.map(({ name }, place) => (
                    <th
                      scope="col"
                      class="min-w-7 px-1 py-1 text-center align-bottom font-medium"
                      title={name}
                    >
                      <span aria-hidden="true" class="tabular-nums">
                        {place + 1}
                      </span>
                      <span class="sr-only">{name}</span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {proof.mutants.map((mutant) => (
                  <Row at={at} mutant={mutant} tests={proof.tests} />
                ))}
              </tbody>
            </table>
          </section>
          <Legend at={at} />
        </>
      )}
    </Card>
  );
}

function Row({ at, mutant, tests }: { at: PageContext; mutant: MutantProof; tests: Proof["tests"] }) {
  return (
    <tr class="border-t border-base-300 hover:bg-base-200">
      <th
        scope="row"
        class="sticky left-0 z-10 max-w-40 truncate bg-base-100 py-1.5 pr-4 text-left font-mono font-normal sm:max-w-72"
        title={mutant.name}
      >
        {mutant.name}
      </th>
      {tests.map(({ name }) => {
        const cell = cellOf(mutant, name);
        return (
          <td class="px-1 py-1.5" data-cell={cell}>
            <span class="flex justify-center">
              <Shape cell={cell} />
            </span>
            <span class="sr-only">{at.t(`suite.cell.${cell}`)}</span>
          </td>
        );
      })}
    </tr>
  );
}

function Legend({ at }: { at: PageContext }) {
  return (
    <ul class="mt-4 flex flex-wrap gap-x-5 gap-y-1 text-sm">
      {cells.map((cell) => (
        <li class="flex items-center gap-1.5">
          <Shape cell={cell} />
          {at.t(`suite.cell.${cell}`)}
        </li>
      ))}
    </ul>
  );
}
