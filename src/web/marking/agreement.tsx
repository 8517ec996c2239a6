import { codeOf } from "../../submissions/blind.ts";
import { Card, Empty } from "../components/parts.tsx";
import { points } from "../format.ts";
import type { Props } from "./load.ts";

/** The sample: what is open is a link, what is not says why. */
export function SecondCard({ at, view }: Props) {
  const { percent, sample } = view.second;
  return (
    <Card
      title={at.t("marking.second")}
      id="second"
      actions={percent > 0 && <span class="muted text-sm tabular-nums">{`${percent} %`}</span>}
    >
      {sample.length === 0 && (
        <Empty title={at.t("marking.second.none")}>{at.t("marking.second.none-help")}</Empty>
      )}
      <ul
        class="grid max-h-80 gap-2 overflow-y-auto text-sm"
        tabindex={sample.length > 0 ? 0 : undefined}
        aria-label={at.t("marking.second")}
      >
        {sample.map(({ submissionId, state }) => (
          <li class="flex flex-wrap gap-x-3">
            {state === "open" ? (
              <a href={`/submissions/${submissionId}/second`} class="link">
                {at.t("marking.second.do", { code: codeOf(submissionId) })}
              </a>
            ) : (
              <>
                <code>{codeOf(submissionId)}</code>
                <span class="muted">{at.t(`marking.second.${state}`)}</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function AgreementTable({ at, view }: Props) {
  const { percent, agreement } = view.second;
  if (percent === 0 || agreement.length === 0) return null;
  const titles = new Map(view.rubric.map(({ id, title }) => [id, title[at.lang]]));
  const signed = (value: number) => (value < 0 ? `−${points(-value)}` : `+${points(value)}`);
  return (
    <Card title={at.t("marking.agreement")} id="agreement">
      <section class="overflow-x-auto" tabindex={0} aria-label={at.t("marking.agreement")}>
        <table class="table table-sm">
          <thead class="text-base-content">
            <tr>
              <th scope="col">{at.t("review.rubric")}</th>
              <th scope="col" class="text-right">
                {at.t("marking.pairs")}
              </th>
              <th scope="col" class="text-right">
                {at.t("marking.kappa")}
              </th>
              <th scope="col" class="text-right">
                {at.t("marking.lean")}
              </th>
            </tr>
          </thead>
          <tbody>
            {agreement.map(({ item, pairs, kappa, lean }) => (
              <tr>
                <th scope="row" class="font-normal wrap-anywhere">
                  {titles.get(item) ?? item}
                </th>
                <td class="text-right tabular-nums">{pairs}</td>
                <td class="text-right tabular-nums">
                  {kappa === null ? "–" : kappa.toFixed(2).replace("-", "−")}
                </td>
                <td class="text-right tabular-nums">{lean === null ? "–" : signed(lean)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="muted mt-3 text-sm">{at.t("marking.kappa.help")}</p>
    </Card>
  );
}
