import { mostOf, rubricSum } from "../../scoring/rubric.ts";
import { Alert, Card, Empty, Field } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import { points } from "../format.ts";
import type { ReviewView } from "./load.ts";

interface Props {
  at: PageContext;
  view: ReviewView;
}

/** A form an item: a number key goes to its points, Enter saves. */
export function RubricCard({ at, view }: Props) {
  const { rubric, submission } = view.access;
  const grades = new Map(view.review.grades.map((grade) => [grade.item, grade]));
  return (
    <Card title={at.t("review.rubric")} id="rubric">
      {rubric.length === 0 && <Empty title={at.t("review.no-rubric")}>{at.t("review.no-rubric-help")}</Empty>}
      {rubric.length > 0 && <Running at={at} view={view} />}
      {rubric.map((item, index) => {
        const grade = grades.get(item.id);
        const conflict = view.conflict?.item === item.id ? view.conflict : null;
        const title = item.title[at.lang];
        return (
          <form
            id={`item-${item.id}`}
            method="post"
            action={`/submissions/${submission.id}/review/rubric`}
            class="border-b border-base-300 py-3 last:border-0"
          >
            <input type="hidden" name="item" value={item.id} />
            <input type="hidden" name="path" value={view.file?.path ?? ""} />
            <input type="hidden" name="version" value={conflict?.theirs.version ?? grade?.version ?? 0} />
            <h3 class="font-medium">
              {index < 9 && <kbd class="kbd kbd-sm mr-2">{index + 1}</kbd>}
              {title} {!grade && <span class="muted font-normal">{`· ${at.t("review.ungraded")}`}</span>}
            </h3>
            {item.description && <p class="muted text-sm">{item.description[at.lang]}</p>}
            {conflict && (
              <Alert kind="error" title={at.t("review.conflict")}>
                {at.t("review.conflict.theirs", conflict.theirs)}
                {"\n"}
                {at.t("review.conflict.yours")}
              </Alert>
            )}
            <label class="mt-2 block text-sm">
              {at.t("review.points-of", { max: item.points })}
              <input
                name="points"
                inputmode="decimal"
                required
                autocomplete="off"
                value={conflict?.points ?? (grade ? points(grade.points) : "")}
                data-key={index < 9 ? String(index + 1) : undefined}
                class="input w-full"
              />
            </label>
            <label class="mt-2 block text-sm">
              {at.t("review.comment")}
              <textarea name="comment" rows={2} class="textarea w-full">
                {conflict?.comment ?? grade?.comment ?? ""}
              </textarea>
            </label>
            <button type="submit" class="btn btn-sm mt-2 h-auto min-h-8">
              {at.t("review.save", { item: title })}
            </button>
          </form>
        );
      })}
    </Card>
  );
}

/** How far this rubric has come: the sum so far, and what nobody has addressed. */
function Running({ at, view }: Props) {
  const { rubric } = view.access;
  const { grades } = view.review;
  const { given } = rubricSum(rubric, grades);
  const max = rubric.reduce((sum, item) => sum + mostOf(item), 0);
  const open = rubric.filter(({ id }) => !grades.some(({ item }) => item === id));
  return (
    <div id="running" class="mb-2 border-l-4 border-base-300 pl-3 text-sm">
      <p class="font-medium tabular-nums">
        {at.t("review.running", { given: points(given), max: points(max) })}
      </p>
      {open.length === 0 && <p class="muted">{at.t("review.all-addressed")}</p>}
      {open.length > 0 && (
        <p>
          {`${at.t("review.unaddressed")}: `}
          {open.map(({ id, title }, index) => (
            <>
              {index > 0 && " · "}
              <a href={`#item-${id}`} class="link wrap-anywhere">
                {title[at.lang]}
              </a>
            </>
          ))}
        </p>
      )}
    </div>
  );
}

export function AdjustCard({ at, view }: Props) {
  return (
    <Card title={at.t("review.adjust")} id="adjust">
      {view.single.length > 0 && (
        <ul class="mb-3 grid gap-1 text-sm">
          {view.single.map((one) => (
            <li class="flex gap-3">
              <span class="wrap-anywhere">{`${one.to}: ${one.reason}`}</span>
              <span class="ml-auto tabular-nums">
                {one.points < 0 ? `−${points(-one.points)}` : `+${points(one.points)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <form
        method="post"
        action={`/submissions/${view.access.submission.id}/review/adjustments`}
        data-key="a"
      >
        <input type="hidden" name="path" value={view.file?.path ?? ""} />
        <Field label={at.t("review.adjust.points")} name="points" />
        <Field label={at.t("review.adjust.reason")} name="reason" />
        {view.access.members.length > 1 && !view.access.blind && (
          <label class="mb-4 block text-sm font-medium">
            {at.t("review.adjust.for")}
            <select name="person" class="select mt-1 w-full">
              <option value="">{at.t("review.adjust.all")}</option>
              {view.access.members.map((member) => (
                <option value={member.id}>{member.name}</option>
              ))}
            </select>
          </label>
        )}
        <button type="submit" class="btn btn-sm">
          {at.t("review.adjust.do")}
        </button>
      </form>
    </Card>
  );
}
