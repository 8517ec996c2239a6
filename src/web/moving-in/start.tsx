import type { AssignmentAccess } from "../../assignments/assignments.ts";
import { sizeInWords } from "../../http/upload.ts";
import type { UserError } from "../../platform/errors.ts";
import { DOWNLOAD_LIMIT_BYTES, type listImports } from "../../submissions/imports.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { UploadIcon } from "../components/icons.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Tag } from "../components/parts.tsx";
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

export function trailOf(at: PageContext, access: AssignmentAccess): [string, string][] {
  const { course, assignment } = access;
  return [
    [at.t("nav.courses"), "/"],
    [course.title[at.lang], `/courses/${course.slug}`],
    [assignment.title[at.lang], refOf(access)],
  ];
}

export function StartPage({ at, view }: Props) {
  return (
    <Page at={at} title={at.t("moving.title")} lead={at.t("moving.lead")} trail={trailOf(at, view.access)}>
      <CourseNav at={at} access={view.access} here="assignments" />
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
        <UploadCard at={at} view={view} />
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

function UploadCard({ at, view }: Props) {
  const ref = refOf(view.access);
  return (
    <Card title={at.t("moving.upload")} id="upload">
      <div class="empty:hidden mb-3" data-upload-problem>
        {view.error && (
          <Alert kind="error" title={at.t("moving.upload.failed")}>
            {`${view.error.sentence(at.lang)}\n${at.t("moving.upload.nothing")}`}
          </Alert>
        )}
      </div>
      <form
        method="post"
        action={`${ref}/move-in`}
        enctype="multipart/form-data"
        data-upload={`/api/v1${ref}/imports?lang=${at.lang}`}
        data-goes="/imports/"
        data-failed={at.t("moving.upload.failed")}
        data-nothing-used={at.t("moving.upload.nothing")}
        data-broken={at.t("upload.broken")}
        data-sending={at.t("upload.sending", { name: "{name}" })}
        data-checking={at.t("upload.checking")}
      >
        <p class="mb-3 text-sm">{at.t("moving.upload.help", { limit: sizeInWords(DOWNLOAD_LIMIT_BYTES) })}</p>
        <div class="drop-zone" data-drop>
          <UploadIcon />
          <p class="scripted font-medium">{at.t("upload.drop")}</p>
          <label for="download-file" class="sr-only">
            {at.t("moving.upload.choose")}
          </label>
          <input
            id="download-file"
            type="file"
            name="file"
            accept=".zip,application/zip"
            required
            class="file-input mt-2 w-full max-w-xs"
          />
        </div>
        <button type="submit" class="btn btn-primary mt-3 w-full">
          {at.t("moving.upload.do")}
        </button>
        <div data-upload-progress hidden class="mt-3">
          <p class="mb-1 text-sm wrap-anywhere" role="status" />
          <progress
            class="progress progress-primary w-full"
            max={100}
            value={0}
            aria-label={at.t("moving.upload")}
          />
        </div>
      </form>
    </Card>
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
