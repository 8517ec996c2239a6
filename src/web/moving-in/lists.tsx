// What would be taken in, and what would not.
import type { Planned } from "../../submissions/moving-in/plan.ts";
import { Moment } from "../components/moment.tsx";
import { Card, Empty, Tag } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import type { Props } from "./view.ts";

/** More lines than a person reads; the counts are of all. */
const LINES_SHOWN = 300;

export function TakeCard({ at, view }: Props) {
  const { take } = view.looked.plan;
  if (take.length === 0) return <Empty title={at.t("moving.take.empty")} />;
  return (
    <Card title={at.t("moving.take")} id="take">
      <section class="relative overflow-x-auto" tabindex={0} aria-labelledby="take-title">
        <table class="w-full text-sm">
          <thead class="border-b border-base-300 text-left">
            <tr>
              {(["table.name", "moving.take.when", "moving.take.as", "moving.take.files"] as const).map(
                (label) => (
                  <th scope="col" class="py-2 pr-4 font-semibold whitespace-nowrap">
                    {at.t(label)}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {take.slice(0, LINES_SHOWN).map((one) => (
              <Line at={at} one={one} zone={view.access.course.timeZone} />
            ))}
          </tbody>
        </table>
      </section>
      <More at={at} total={take.length} />
    </Card>
  );
}

function Line({ at, one, zone }: { at: PageContext; one: Planned; zone: string }) {
  return (
    <tr class="border-b border-base-300 last:border-0" data-origin={one.origin}>
      <th scope="row" class="min-w-44 py-2 pr-4 text-left font-medium wrap-anywhere">
        {[one.person, ...one.members].map(({ name, email }) => (
          <span class="block">
            {name} <span class="muted font-normal">{email}</span>
          </span>
        ))}
        {one.known && <Tag strong>{at.t("moving.known")}</Tag>}
      </th>
      <td class="py-2 pr-4 whitespace-nowrap">
        <Moment at={one.receivedAt} zone={zone} lang={at.lang} />
        {one.assumed && <span class="muted block">{at.t("moving.assumed")}</span>}
      </td>
      <td class="py-2 pr-4 whitespace-nowrap">{at.t(`moving.by.${one.by}`)}</td>
      <td class="py-2 tabular-nums">{one.files.length}</td>
    </tr>
  );
}

export function NotTakenCard({ at, view }: Props) {
  const { not } = view.looked.plan;
  if (not.length === 0) return null;
  return (
    <Card title={at.t("moving.not")} id="not">
      <ul class="grid gap-2 text-sm">
        {not.slice(0, LINES_SHOWN).map(({ origin, who, why }) => (
          <li class="wrap-anywhere" data-origin={origin}>
            <span class="font-medium">{who}</span> <span class="muted">{origin}</span>
            <span class="block">{why[at.lang]}</span>
          </li>
        ))}
      </ul>
      <More at={at} total={not.length} />
    </Card>
  );
}

export function LeftOut({ at, view }: Props) {
  const { leftOut } = view.looked.download;
  if (leftOut.length === 0) return null;
  return (
    <details class="card-box">
      <summary class="cursor-pointer font-medium">{at.t("moving.left", { count: leftOut.length })}</summary>
      <ul class="mt-3 grid gap-1 text-sm">
        {leftOut.slice(0, LINES_SHOWN).map(({ path, why }) => (
          <li class="wrap-anywhere">{at.t("label", { name: path, value: why[at.lang] })}</li>
        ))}
      </ul>
      <More at={at} total={leftOut.length} />
    </details>
  );
}

function More({ at, total }: { at: PageContext; total: number }) {
  if (total <= LINES_SHOWN) return null;
  return <p class="muted mt-3 text-sm">{at.t("rerun.shown", { shown: LINES_SHOWN, total })}</p>;
}
