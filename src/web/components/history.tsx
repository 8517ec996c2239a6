import type { HistoryEntry } from "../../submissions/history.ts";
import type { Submission } from "../../submissions/tables.ts";
import type { PageContext } from "../context.ts";
import { points } from "../format.ts";
import { Moment } from "./moment.tsx";
import { Tag } from "./parts.tsx";

interface Props {
  at: PageContext;
  history: HistoryEntry[];
  zone: string;
  /** The submission whose page this is: the others are compared with it, else each with the one before. */
  current?: string;
  asStudent?: boolean;
}

/** Submissions, newest first, with the one that counts marked. */
export function History({ at, history, zone, current, asStudent = false }: Props) {
  return (
    <ol class="grid gap-2">
      {history.map(({ submission, view, counts }, place) => (
        <li class="flex flex-wrap items-baseline gap-x-2 text-sm">
          <a
            href={`/submissions/${submission.id}${asStudent ? "?as=student" : ""}`}
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
            <CompareLink
              at={at}
              one={submission}
              other={
                (history.find((entry) => entry.submission.id === current) ?? history[place + 1])?.submission
              }
              asStudent={asStudent}
            />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The earlier one on the left, whichever of them one comes from. */
function CompareLink(props: {
  at: PageContext;
  one: Submission;
  other: Submission | undefined;
  asStudent: boolean;
}) {
  const { at, one, other, asStudent } = props;
  if (!other || other.id === one.id) return null;
  const [before, after] = one.receivedAt < other.receivedAt ? [one, other] : [other, one];
  return (
    <>
      {" · "}
      <a
        href={`/submissions/${after.id}/compare/${before.id}${asStudent ? "?as=student" : ""}`}
        class="link"
        aria-label={at.t("compare.open.with", { before: before.number, after: after.number })}
      >
        {at.t("compare.open")}
      </a>
    </>
  );
}
