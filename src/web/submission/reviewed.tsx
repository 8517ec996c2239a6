import { Card } from "../components/parts.tsx";
import { isPdf } from "../components/pdf-view.tsx";
import type { PageContext } from "../context.ts";
import { points } from "../format.ts";
import { sourceAddress } from "./aside.tsx";
import type { SubmissionView } from "./load.ts";

interface Props {
  at: PageContext;
  view: SubmissionView;
}

/** What people gave and wrote, below the tests; a student sees it when the results are published. */
export function ReviewedCard({ at, view }: Props) {
  const { review } = view;
  if (!review || review.grades.length + review.comments.length === 0) return null;
  return (
    <Card title={at.t("reviewed.title")} id="reviewed">
      <Items at={at} view={view} />
      <Remarks at={at} view={view} />
    </Card>
  );
}

function Items({ at, view }: Props) {
  const grades = new Map(view.review!.grades.map((grade) => [grade.item, grade]));
  return (
    <ul class="grid gap-3">
      {view.report.rubric.map((item) => {
        const grade = grades.get(item.id);
        return (
          <li class="grid grid-cols-[1fr_auto] gap-x-4 text-sm">
            <span class="font-medium">{item.title[at.lang]}</span>
            <span class="tabular-nums whitespace-nowrap">
              {grade ? points(grade.points) : "–"}
              <span class="muted">{` / ${item.points}`}</span>
            </span>
            {grade?.comment && <p class="col-span-2 whitespace-pre-line wrap-anywhere">{grade.comment}</p>}
          </li>
        );
      })}
    </ul>
  );
}

function Remarks({ at, view }: Props) {
  const { comments } = view.review!;
  if (comments.length === 0) return null;
  const { id } = view.access.submission;
  return (
    <>
      <h3 class="mt-4 mb-2 font-semibold">{at.t("review.comments")}</h3>
      <ul class="grid gap-2 text-sm">
        {comments.map((comment) => (
          <li class="border-l-4 border-base-300 pl-3">
            <a class="link" href={`${sourceAddress(id, comment.path)}#L${comment.line}`}>
              {`${comment.path}, ${at.t(isPdf(comment.path) ? "pdf.page" : "review.line")} ${comment.line}`}
            </a>
            <p class="whitespace-pre-line wrap-anywhere">{comment.text}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
