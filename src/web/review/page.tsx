import { Page } from "../components/page.tsx";
import { Alert, Card } from "../components/parts.tsx";
import { PointsSum } from "../components/points.tsx";
import { assignmentTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { StatementsCard } from "../contributions/cards.tsx";
import { labelled, listed } from "../format.ts";
import { Tests } from "../submission/tests.tsx";
import { BankCard } from "./bank.tsx";
import { CodeCard } from "./code.tsx";
import type { ReviewView } from "./load.ts";
import { AdjustCard, RubricCard } from "./rubric.tsx";

interface Props {
  at: PageContext;
  view: ReviewView;
}

export function ReviewPage({ at, view }: Props) {
  const { course, assignment, submission, members } = view.access;
  const ref = `/assignments/${course.slug}.${assignment.slug}`;
  return (
    <Page
      at={at}
      title={labelled(
        at.t("review.title"),
        listed(
          members.map(({ name }) => name),
          at.lang,
        ),
        at.lang,
      )}
      wide
      lead={at.t("review.left", { count: view.left })}
      trail={[
        ...assignmentTrail(at, { course, assignment }),
        [at.t("table.title"), `${ref}/submissions`],
        [at.t("submission.title", { number: submission.number }), `/submissions/${submission.id}`],
      ]}
    >
      <Neighbours at={at} view={view} />
      <ClaimLine at={at} view={view} />
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
          <CodeCard
            at={at}
            view={view}
            address={`/submissions/${view.access.submission.id}/review`}
            comments={view.review.comments}
          />
          <section aria-label={at.t("submission.report")}>
            <Tests at={at} part={view.part} />
          </section>
        </div>
        <div class="grid gap-4">
          <TotalCard at={at} view={view} />
          <RubricCard at={at} view={view} />
          <BankCard at={at} view={view} />
          <StatementsCard at={at} statements={view.statements} />
          <AdjustCard at={at} view={view} />
        </div>
      </div>
    </Page>
  );
}

function Neighbours({ at, view }: Props) {
  const { previous, next } = view;
  return (
    <div class="mb-4 flex flex-wrap items-start gap-3">
      {previous && (
        <a href={`/submissions/${previous.id}/review`} class="btn btn-sm" data-key="p">
          {at.t("review.previous")}
        </a>
      )}
      {next && (
        <a href={`/submissions/${next.id}/review`} class="btn btn-sm" data-key="n">
          {at.t("review.next")}
        </a>
      )}
      <details class="w-full text-sm sm:w-auto">
        <summary class="btn btn-ghost btn-sm" data-key="?">
          {at.t("review.keys.title")}
        </summary>
        <p class="mt-1">{at.t("review.keys")}</p>
      </details>
      {view.left === 0 && <Alert kind="success">{at.t("review.done")}</Alert>}
    </div>
  );
}

/** Who is at it, and a button to take it or give it back. */
function ClaimLine({ at, view }: Props) {
  const { claim, access, viewerId } = view;
  const mine = claim?.personId === viewerId;
  const word = claim === null ? "claim.claim" : mine ? "claim.give-back" : "claim.take";
  return (
    <form
      method="post"
      action={`/submissions/${access.submission.id}/${mine ? "unclaim" : "claim"}`}
      class="mb-4 flex flex-wrap items-center gap-3 text-sm"
    >
      {claim && <span>{at.t(mine ? "claim.mine" : "claim.other", { name: claim.name })}</span>}
      <button type="submit" class="btn btn-sm">
        {at.t(word)}
      </button>
    </form>
  );
}

function TotalCard({ at, view }: Props) {
  const { report, access } = view.part;
  return (
    <Card title={at.t("sum.title")} id="total">
      <PointsSum at={at} report={report} assignment={access.assignment} />
    </Card>
  );
}
