import { fail } from "../../submissions/errors.ts";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert } from "../components/parts.tsx";
import { assignmentTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { StatementsCard } from "../contributions/cards.tsx";
import { RegradeCard } from "../regrade/card.tsx";
import { RerunCard } from "../rerun/card.tsx";
import { FilesCard, GradedCard, HistoryCard, ReceiptCard, StaffCard } from "./aside.tsx";
import type { SubmissionView } from "./load.ts";
import { Report } from "./report.tsx";
import { ReviewedCard } from "./reviewed.tsx";

export function SubmissionPage({ at, view }: { at: PageContext; view: SubmissionView }) {
  const { course, assignment, submission, members, staff } = view.access;
  const ref = `/assignments/${course.slug}.${assignment.slug}`;
  const trail: [string, string][] = [
    ...assignmentTrail(at, { course, assignment }),
    ...(staff ? ([[at.t("table.title"), `${ref}/submissions`]] as [string, string][]) : []),
  ];
  return (
    <Page
      at={at}
      title={at.t("submission.title", { number: submission.number })}
      wide
      trail={trail}
      lead={
        <>
          {(staff || members.length > 1) &&
            `${at.t("submission.of", { name: members.map(({ name }) => name).join(", ") })} · `}
          <Moment at={submission.receivedAt} zone={course.timeZone} lang={at.lang} />
        </>
      }
    >
      {staff && <AsStudent at={at} view={view} />}
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
          <section aria-label={at.t("submission.report")}>
            <Report at={at} part={view} />
          </section>
          <ReviewedCard at={at} view={view} />
          <RegradeCard at={at} part={view} view={view.regrades} />
        </div>
        <div class="grid gap-4">
          <StaffCard at={at} view={view} />
          <StatementsCard at={at} statements={view.statements} />
          <RerunCard at={at} view={view} />
          <HistoryCard at={at} view={view} />
          {submission.filesRemovedAt ? (
            <Alert kind="info">{fail("files_removed").sentence(at.lang)}</Alert>
          ) : (
            <>
              <FilesCard at={at} view={view} />
              <ReceiptCard at={at} view={view} />
            </>
          )}
          <GradedCard at={at} view={view} />
          {view.review && view.report.attempt.state === "finished" && (
            <a href={`/submissions/${submission.id}/record`} class="btn btn-sm">
              {at.t("record.open")}
            </a>
          )}
        </div>
      </div>
    </Page>
  );
}

function AsStudent({ at, view }: { at: PageContext; view: SubmissionView }) {
  const address = `/submissions/${view.access.submission.id}`;
  return (
    <p class="mb-4 flex flex-wrap items-center gap-3 text-sm">
      {view.asStudent && <strong>{at.t("submission.as-student.note")}</strong>}
      <a href={view.asStudent ? address : `${address}?as=student`} class="btn btn-sm">
        {at.t(view.asStudent ? "submission.as-staff" : "submission.as-student")}
      </a>
    </p>
  );
}
