import { allows, type CourseAccess } from "../../courses/access.ts";
import type { UserError } from "../../platform/errors.ts";
import type { SuiteEntry } from "../../suites/suites.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Card, Empty } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import { UploadCard } from "../components/upload-card.tsx";
import type { PageContext } from "../context.ts";
import { StateTag } from "./state.tsx";

interface Props {
  at: PageContext;
  access: CourseAccess;
  entries: SuiteEntry[];
  /** Names of suites that come with the program. */
  bundled: string[];
  error: UserError | null;
}

export function SuitesPage({ at, access, entries, bundled, error }: Props) {
  const { course } = access;
  return (
    <Page at={at} title={at.t("suites.title")} lead={at.t("suites.lead")} trail={courseTrail(at, course)}>
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
          <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
            <RegisterCard at={at} slug={course.slug} error={error} />
            {bundled.length > 0 && <BundledCard at={at} slug={course.slug} bundled={bundled} />}
          </div>
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

function RegisterCard({ at, slug, error }: { at: PageContext; slug: string; error: UserError | null }) {
  return (
    <UploadCard
      at={at}
      id="register"
      fileId="suite-file"
      action={`/courses/${slug}/suites`}
      api={`/api/v1/courses/${slug}/suites`}
      goes="/suite-versions/"
      words={{
        title: at.t("suites.upload"),
        help: at.t("suites.upload.help"),
        choose: at.t("suites.upload.choose"),
        submit: at.t("suites.upload.do"),
        failed: at.t("suites.upload.failed"),
        nothing: at.t("suites.upload.nothing"),
      }}
      problem={error?.sentence(at.lang) ?? null}
    />
  );
}

function BundledCard({ at, slug, bundled }: { at: PageContext; slug: string; bundled: string[] }) {
  return (
    <Card title={at.t("suites.bundled")} id="bundled">
      <p class="mb-3 text-sm">{at.t("suites.bundled.help")}</p>
      <form method="post" action={`/courses/${slug}/suites/bundled`} class="flex flex-wrap items-end gap-3">
        <label class="min-w-0 flex-1 text-sm font-medium">
          {at.t("suites.bundled.name")}
          <select name="name" class="select mt-1 w-full">
            {bundled.map((name) => (
              <option value={name}>{name}</option>
            ))}
          </select>
        </label>
        <button type="submit" class="btn">
          {at.t("suites.bundled.do")}
        </button>
      </form>
    </Card>
  );
}
