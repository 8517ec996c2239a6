import type { HistoryEntry } from "../../submissions/history.ts";
import type { PageContext } from "../context.ts";
import { points } from "../format.ts";
import { Moment } from "./moment.tsx";
import { Tag } from "./parts.tsx";

/** Submissions, newest first, with the one that counts marked. */
export function History(props: { at: PageContext; history: HistoryEntry[]; zone: string; current?: string }) {
  const { at, history, zone, current } = props;
  return (
    <ol class="grid gap-2">
      {history.map(({ submission, view, counts }) => (
        <li class="flex flex-wrap items-baseline gap-x-2 text-sm">
          <a
            href={`/submissions/${submission.id}`}
            class="link font-medium"
            aria-current={submission.id === current ? "page" : undefined}
          >
            {at.t("submission.title", { number: submission.number })}
          </a>
          {counts && <Tag strong>{at.t("history.counts")}</Tag>}
          <span class="ml-auto tabular-nums">
            {view.net === null
              ? at.t(`state.${view.state ?? "none"}`)
              : `${points(view.net)} / ${points(view.max ?? 0)}`}
          </span>
          <span class="muted w-full">
            <Moment at={submission.receivedAt} zone={zone} lang={at.lang} />
            {" · "}
            <a href={`/api/v1/submissions/${submission.id}/receipt`} class="link" download>
              {at.t("receipt.title")}
              <span class="sr-only">{` ${at.t("submission.title", { number: submission.number })}`}</span>
            </a>
          </span>
        </li>
      ))}
    </ol>
  );
}
