import type { AssignmentAccess } from "../../assignments/assignments.ts";
import { sizeInWords } from "../../http/upload.ts";
import type { UserError } from "../../platform/errors.ts";
import { DOWNLOAD_LIMIT_BYTES, type listImports } from "../../submissions/imports.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Card, Tag } from "../components/parts.tsx";
import { assignmentTrail } from "../components/trail.ts";
import { UploadCard } from "../components/upload-card.tsx";
import type { PageContext } from "../context.ts";

export interface StartView {
  access: AssignmentAccess;
  earlier: Awaited<ReturnType<typeof listImports>>;
  error: UserError | null;
}
interface Props {
  at: PageContext;
  view: StartView;
}

export const refOf = ({ course, assignment }: AssignmentAccess) =>
  `/assignments/${course.slug}.${assignment.slug}`;

export function StartPage({ at, view }: Props) {
  return (
    <Page
      at={at}
      title={at.t("moving.title")}
      lead={at.t("moving.lead")}
      trail={assignmentTrail(at, view.access)}
    >
      <CourseNav at={at} access={view.access} here="assignments" />
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
        <DownloadCard at={at} view={view} />
        <Card title={at.t("moving.where")}>
          <ul class="grid list-disc gap-2 pl-5 text-sm">
            {(["gradescope", "moodle", "canvas", "roster"] as const).map((place) => (
              <li>{at.t(`moving.where.${place}`)}</li>
            ))}
          </ul>
        </Card>
        {view.earlier.length > 0 && <Earlier at={at} view={view} />}
      </div>
    </Page>
  );
}

function DownloadCard({ at, view }: Props) {
  const ref = refOf(view.access);
  return (
    <UploadCard
      at={at}
      id="upload"
      fileId="download-file"
      action={`${ref}/move-in`}
      api={`/api/v1${ref}/imports`}
      goes="/imports/"
      words={{
        title: at.t("moving.upload"),
        help: at.t("moving.upload.help", { limit: sizeInWords(DOWNLOAD_LIMIT_BYTES) }),
        choose: at.t("moving.upload.choose"),
        submit: at.t("moving.upload.do"),
        failed: at.t("moving.upload.failed"),
        nothing: at.t("moving.upload.nothing"),
      }}
      problem={view.error && `${view.error.sentence(at.lang)}\n${at.t("moving.upload.nothing")}`}
    />
  );
}

function Earlier({ at, view }: Props) {
  return (
    <Card title={at.t("moving.earlier")} class="lg:col-span-2">
      <ul class="grid gap-2 text-sm">
        {view.earlier.map(({ id, name, state, createdAt }) => (
          <li class="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <a href={`/imports/${id}`} class="link mr-auto wrap-anywhere">
              {name}
            </a>
            <Tag>{at.t(`moving.state.${state}`)}</Tag>
            <Moment at={createdAt} zone={view.access.course.timeZone} lang={at.lang} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
