import { Card, Empty, Field, Tag } from "../components/parts.tsx";
import { PreviewTable } from "../components/preview-table.tsx";
import { points } from "../format.ts";
import { type Props, refOf } from "./load.ts";

/** What items are worth, another worth looked at before anything changes, and what was changed. */
export function WorthCard({ at, view }: Props) {
  const { rubric, preview, leads } = view;
  return (
    <Card title={at.t("marking.worth")} id="worth">
      {rubric.length === 0 && <Empty title={at.t("marking.worth.none")} />}
      {rubric.length > 0 && <p class="muted mb-3 text-sm">{at.t("marking.worth.help")}</p>}
      {preview && <Preview at={at} view={view} />}
      <ul class="grid gap-2 text-sm">
        {rubric.map((item) => {
          const title = item.title[at.lang];
          if (!leads) {
            return (
              <li class="flex justify-between gap-3">
                <span class="wrap-anywhere">{title}</span>
                <span class="tabular-nums">{item.points}</span>
              </li>
            );
          }
          return (
            <li>
              <form
                method="get"
                action={`${refOf(view)}/marking#worth`}
                class="flex flex-wrap items-end gap-2"
              >
                <input type="hidden" name="item" value={item.id} />
                <label class="grow basis-40">
                  {at.t("marking.worth.points", { item: title })}
                  <input
                    name="points"
                    inputmode="decimal"
                    required
                    autocomplete="off"
                    value={preview?.item === item.id ? points(preview.points) : String(item.points)}
                    class="input input-sm mt-1 block w-28"
                  />
                </label>
                <button type="submit" class="btn btn-sm">
                  {at.t("marking.worth.look", { item: title })}
                </button>
              </form>
            </li>
          );
        })}
      </ul>
      <Changes at={at} view={view} />
    </Card>
  );
}

function Preview({ at, view }: Props) {
  const { item, lines, looked, basis, points: worth } = view.preview!;
  const title = view.rubric.find(({ id }) => id === item)?.title[at.lang] ?? item;
  return (
    <section id="preview" class="mb-4 border-l-4 border-info pl-3">
      <h3 class="font-semibold">{at.t("marking.worth.preview", { item: title, points: points(worth) })}</h3>
      <p role="status" class="text-sm">
        {at.t("marking.worth.sum", { looked, changed: lines.length })}
      </p>
      {lines.length > 0 && (
        <PreviewTable
          at={at}
          label={at.t("marking.worth.preview", { item: title, points: points(worth) })}
          lines={lines}
          columns={[
            { head: at.t("worth.before"), cell: ({ before }) => points(before) },
            { head: at.t("worth.after"), cell: ({ after }) => points(after) },
          ]}
        />
      )}
      <form method="post" action={`${refOf(view)}/marking/worth`}>
        <input type="hidden" name="item" value={item} />
        <input type="hidden" name="points" value={points(worth)} />
        <input type="hidden" name="basis" value={basis} />
        <Field label={at.t("marking.worth.reason")} name="reason" />
        <button type="submit" class="btn btn-primary btn-sm">
          {at.t("marking.worth.apply")}
        </button>
      </form>
    </section>
  );
}

function Changes({ at, view }: Props) {
  if (view.worths.length === 0) return null;
  const inForce = view.worths.some(({ undoneAt }) => undoneAt === null);
  return (
    <div class="mt-4 border-t border-base-300 pt-3">
      <ul class="grid gap-1 text-sm">
        {view.worths.map(({ item, points: worth, reason, by, undoneAt }) => (
          <li class="flex flex-wrap gap-x-3">
            <span>{at.t("marking.worth.was", { item, points: points(worth) })}</span>
            <span class="wrap-anywhere">{reason}</span>
            <span class="muted">{by}</span>
            {undoneAt && <Tag>{at.t("marking.worth.undone")}</Tag>}
          </li>
        ))}
      </ul>
      {inForce && view.leads && (
        <form method="post" action={`${refOf(view)}/marking/worth/undo`} class="mt-3">
          <button type="submit" class="btn btn-sm">
            {at.t("marking.worth.undo")}
          </button>
        </form>
      )}
    </div>
  );
}
