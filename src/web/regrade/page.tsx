import type { SuiteConfig } from "../../judge/suite.ts";
import { regradeOutcomes } from "../../review/regrade.ts";
import type { NamedRequest, RegradeAccess } from "../../review/regrades.ts";
import type { Review } from "../../review/review.ts";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Field, Tag } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { labelled, points } from "../format.ts";
import type { ReportPart } from "../submission/load.ts";
import { Tests } from "../submission/tests.tsx";
import { targetTitle } from "./card.tsx";

export interface RegradePageView {
  access: RegradeAccess;
  part: ReportPart;
  rubric: SuiteConfig["rubric"];
  review: Review;
  /** Whether the viewer may answer: they did not grade it. */
  mayAnswer: boolean;
  /** Answered requests about the same thing. */
  earlier: NamedRequest[];
}

interface Props {
  at: PageContext;
  view: RegradePageView;
}

/** For staff: what is asked, what it is about, and the answer. */
export function RegradePage({ at, view }: Props) {
  const { t } = at;
  const { course, assignment, submission, submitter, request } = view.access;
  return (
    <Page
      at={at}
      title={labelled(t("regrade.one"), targetTitle(at, view.part.tests, view.rubric, request), at.lang)}
      lead={
        <span class="inline-flex flex-wrap items-baseline gap-2">
          {t("submission.of", { name: submitter.name })}
          {request.round > 1 && <Tag>{t("regrade.appeal")}</Tag>}
          <Tag strong={request.state === "open"}>{t(`regrade.state.${request.state}`)}</Tag>
        </span>
      }
      trail={[
        ...courseTrail(at, course),
        [t("queue.title"), `/courses/${course.slug}/queue`],
        [
          `${assignment.title[at.lang]}: ${t("submission.title", { number: submission.number })}`,
          `/submissions/${submission.id}`,
        ],
      ]}
    >
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
          <Card title={t("regrade.reason")} id="reason">
            <p class="whitespace-pre-line wrap-anywhere">{request.reason}</p>
            <p class="muted mt-2 text-sm">
              <Moment at={request.askedAt} zone={course.timeZone} lang={at.lang} />
            </p>
          </Card>
          <Before at={at} view={view} />
          <About at={at} view={view} />
        </div>
        <Answer at={at} view={view} />
      </div>
    </Page>
  );
}

/** What an appeal is against. */
function Before({ at, view }: Props) {
  const { t } = at;
  if (view.earlier.length === 0) return null;
  return (
    <Card title={t("regrade.before")} id="before">
      {view.earlier.map((one) => (
        <div class="grid gap-2 text-sm">
          <p class="whitespace-pre-line wrap-anywhere">{one.reason}</p>
          <div class="rounded-field bg-base-200 p-3">
            <p class="flex flex-wrap items-baseline gap-2 font-medium">
              {t("regrade.answered-by", { name: one.by ?? "" })}
              <Tag>{t(`regrade.state.${one.state}`)}</Tag>
              {one.points > 0 && `+${t("regrade.gave", { points: points(one.points) })}`}
            </p>
            <p class="whitespace-pre-line wrap-anywhere">{one.answer}</p>
          </div>
        </div>
      ))}
    </Card>
  );
}

function About({ at, view }: Props) {
  const { request, submission } = view.access;
  const open = (
    <p class="mt-3">
      <a href={`/submissions/${submission.id}/review`} class="btn btn-sm">
        {at.t("regrade.open-review")}
      </a>
    </p>
  );
  if (request.kind === "test") {
    const tests = view.part.tests.filter(({ name }) => name === request.target);
    return (
      <section aria-label={at.t("regrade.about")}>
        <Tests at={at} part={{ ...view.part, tests }} />
        {open}
      </section>
    );
  }
  const item = view.rubric.find(({ id }) => id === request.target);
  const grade = view.review.grades.find((one) => one.item === request.target);
  return (
    <Card title={at.t("regrade.about")} id="about">
      <p class="font-medium">{item?.title[at.lang] ?? request.target}</p>
      {item?.description && <p class="muted text-sm">{item.description[at.lang]}</p>}
      <p class="mt-2 tabular-nums">
        {grade
          ? at.t("regrade.of-item", { given: points(grade.points), max: item?.points ?? "" })
          : at.t("review.ungraded")}
      </p>
      {grade?.comment && <p class="whitespace-pre-line wrap-anywhere">{grade.comment}</p>}
      {open}
    </Card>
  );
}

function Answer({ at, view }: Props) {
  const { t } = at;
  const { request } = view.access;
  if (request.state !== "open") {
    return (
      <Card title={t("regrade.answer")} id="answer">
        <p>
          <Tag>{t(`regrade.state.${request.state}`)}</Tag>{" "}
          {request.points > 0 && `+${t("regrade.gave", { points: points(request.points) })}`}
        </p>
        <p class="mt-2 whitespace-pre-line wrap-anywhere">{request.answer}</p>
      </Card>
    );
  }
  if (!view.mayAnswer) return <Alert kind="info">{t("regrade.graded-by-you")}</Alert>;
  return (
    <Card title={t("regrade.answer")} id="answer">
      <form method="post" action={`/regrades/${request.id}/answer`}>
        <fieldset class="mb-4 grid gap-2">
          <legend class="mb-1 text-sm font-medium">{t("regrade.outcome")}</legend>
          {regradeOutcomes.map((outcome, index) => (
            <label class="flex items-baseline gap-2 text-sm">
              <input type="radio" name="outcome" value={outcome} required data-key={String(index + 1)} />
              <span>
                <kbd class="kbd kbd-sm mr-1">{index + 1}</kbd>
                {t(`regrade.outcome.${outcome}`)}
              </span>
            </label>
          ))}
        </fieldset>
        <Field label={t("regrade.points")} name="points" required={false} help={t("regrade.points.help")} />
        <label class="mb-4 block text-sm font-medium">
          {t("regrade.words")}
          <textarea name="words" rows={4} required class="textarea mt-1 w-full" />
        </label>
        <button type="submit" class="btn btn-primary">
          {t("regrade.answer.do")}
        </button>
      </form>
    </Card>
  );
}
