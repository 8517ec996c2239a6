// What a deletion or a retention date does, by kind: how many rows go, lose their words, stay.
import type { Line } from "../../privacy/apply.ts";
import { kinds } from "../../privacy/rules.ts";
import { Empty } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";

const acts = ["remove", "empty", "keep"] as const;

export function Lines({ at, lines }: { at: PageContext; lines: Line[] }) {
  const of = (kind: Line["kind"], act: Line["act"]) =>
    lines.filter((line) => line.kind === kind && line.act === act).reduce((sum, { rows }) => sum + rows, 0);
  if (lines.every(({ act, rows }) => act === "keep" || rows === 0))
    return <Empty title={at.t("privacy.nothing")} />;
  return (
    <>
      <section class="overflow-x-auto" tabindex={0} aria-label={at.t("privacy.preview")}>
        <table class="table table-sm">
          <thead class="text-base-content">
            <tr>
              <th scope="col">{at.t("privacy.what")}</th>
              {acts.map((act) => (
                <th scope="col" class="text-right">
                  {at.t(`privacy.${act}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind) => (
              <tr>
                <th scope="row" class="font-normal">
                  {at.t(`privacy.kind.${kind}`)}
                </th>
                {acts.map((act) => (
                  <td class="text-right tabular-nums">{of(kind, act) || <span class="muted">–</span>}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="muted mt-2 text-sm">{at.t("privacy.rows")}</p>
    </>
  );
}
