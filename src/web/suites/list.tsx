import { allows, type CourseAccess } from "../../courses/access.ts";
import type { UserError } from "../../platform/errors.ts";
import type { SuiteEntry } from "../../suites/suites.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { UploadIcon } from "../components/icons.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import { StateTag } from "./state.tsx";

interface Props {
  at: PageContext;
  access: CourseAccess;
  entries: SuiteEntry[];
  error: UserError | null;
}

export function SuitesPage({ at, access, entries, error }: Props) {
  const { course } = access;
  return (
    <Page
      at={at}
      title={at.t("suites.title")}
      lead={at.t("suites.lead")}
      trail={[
        [at.t("nav.courses"), "/"],
        [course.title[at.lang], `/courses/${course.slug}`],
      ]}
    >
      <CourseNav at={at} access={access} here="suites" />
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div>
          {entries.length === 0 && <Empty title={at.t("suites.empty")}>{at.t("suites.empty-help")}</Empty>}
          <ul class="grid gap-3">
            {entries.map((entry) => (
              <li>
                <Entry at={at} entry={entry} zone={course.timeZone} />
              </li>
            ))}
          </ul>
        </div>
        {allows(access.standing, "suite.register") && (
          <RegisterCard at={at} slug={course.slug} error={error} />
        )}
      </div>
    </Page>
  );
}

function Entry({ at, entry, zone }: { at: PageContext; entry: SuiteEntry; zone: string }) {
  const { suite, version } = entry;
  return (
    <div class="card-box flex flex-wrap items-center gap-x-6 gap-y-2">
      <div class="mr-auto min-w-0">
        <h2 class="font-semibold wrap-anywhere">
          <a href={`/suite-versions/${version.id}`} class="link link-hover">
            {version.config.title[at.lang]}
          </a>
        </h2>
        <p class="muted text-sm wrap-anywhere">
          <code>{suite.name}</code> · {at.t("suites.newest", { number: version.number })} ·{" "}
          <Moment at={version.createdAt} zone={zone} lang={at.lang} />
        </p>
      </div>
      <StateTag at={at} state={version.state} />
    </div>
  );
}

/** A form that works by itself; client/upload.ts adds dropping, progress and errors in place. */
function RegisterCard({ at, slug, error }: { at: PageContext; slug: string; error: UserError | null }) {
  return (
    <Card title={at.t("suites.upload")} id="register">
      <div class="empty:hidden mb-3" data-upload-problem>
        {error && (
          <Alert kind="error" title={at.t("suites.upload.failed")}>
            {error.sentence(at.lang)}
          </Alert>
        )}
      </div>
      <form
        method="post"
        action={`/courses/${slug}/suites`}
        enctype="multipart/form-data"
        data-upload={`/api/v1/courses/${slug}/suites?lang=${at.lang}`}
        data-goes="/suite-versions/"
        data-failed={at.t("suites.upload.failed")}
        data-nothing-used={at.t("suites.upload.nothing")}
        data-broken={at.t("upload.broken")}
        data-sending={at.t("upload.sending", { name: "{name}" })}
        data-checking={at.t("upload.checking")}
      >
        <p class="mb-3 text-sm">{at.t("suites.upload.help")}</p>
        <div class="drop-zone" data-drop>
          <UploadIcon />
          <p class="scripted font-medium">{at.t("upload.drop")}</p>
          <label for="suite-file" class="sr-only">
            {at.t("suites.upload.choose")}
          </label>
          <input
            id="suite-file"
            type="file"
            name="file"
            accept=".zip,application/zip"
            required
            class="file-input mt-2 w-full max-w-xs"
          />
        </div>
        <button type="submit" class="btn btn-primary mt-3 w-full">
          {at.t("suites.upload.do")}
        </button>
        <div data-upload-progress hidden class="mt-3">
          <p class="mb-1 text-sm wrap-anywhere" role="status" />
          <progress
            class="progress progress-primary w-full"
            max={100}
            value={0}
            aria-label={at.t("suites.upload")}
          />
        </div>
      </form>
    </Card>
  );
}
