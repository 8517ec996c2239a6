import type { SubmissionAccess } from "../../submissions/submissions.ts";
import { CodeLines } from "../components/code-lines.tsx";
import { Page } from "../components/page.tsx";
import { Card } from "../components/parts.tsx";
import { submissionsTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import type { Lines } from "../source/highlight.ts";

export interface BesideFile {
  path: string;
  /** Null: no text, or too long. */
  theirs: Lines | null;
  /** Null: the reference has no such file. */
  reference: Lines | null;
}

/** A submission's files beside the reference's of the same name; for staff. */
export function BesidePage({
  at,
  access,
  files,
}: {
  at: PageContext;
  access: SubmissionAccess;
  files: BesideFile[];
}) {
  const { submission, assignment, course } = access;
  const ref = `/assignments/${course.slug}.${assignment.slug}`;
  return (
    <Page
      at={at}
      title={at.t("mistakes.side")}
      wide
      lead={
        <a class="link" href={`/submissions/${submission.id}`}>
          {at.t("submission.title", { number: submission.number })}
        </a>
      }
      trail={[...submissionsTrail(at, access), [at.t("mistakes.title"), `${ref}/mistakes`]]}
    >
      <div class="grid gap-4">
        {files.map(({ path, theirs, reference }) => (
          <Card title={path} id={`file-${path}`}>
            <div class="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2">
              {theirs ? (
                <CodeLines lines={theirs} label={at.t("mistakes.side.theirs", { name: path })} />
              ) : (
                <p>{at.t("mistakes.side.not-text")}</p>
              )}
              {reference ? (
                <CodeLines lines={reference} label={at.t("mistakes.side.reference", { name: path })} />
              ) : (
                <p>{at.t("mistakes.side.no-reference")}</p>
              )}
            </div>
          </Card>
        ))}
      </div>
    </Page>
  );
}
