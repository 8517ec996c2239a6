import { allows } from "../../courses/access.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Card, Fact, Facts } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { fileSize, memorySize } from "../format.ts";
import type { VersionView } from "./load.ts";
import { ProofPart } from "./proof.tsx";
import { StateTag } from "./state.tsx";

interface Props {
  at: PageContext;
  view: VersionView;
}

export function VersionPage({ at, view }: Props) {
  const { course, suite, version } = view.access;
  const base = `/courses/${course.slug}`;
  return (
    <Page
      at={at}
      title={version.config.title[at.lang]}
      wide
      lead={
        <>
          <code>{suite.name}</code> · {at.t("suites.version", { number: version.number })} ·{" "}
          {at.t("suites.by", { name: view.by })},{" "}
          <Moment at={version.createdAt} zone={course.timeZone} lang={at.lang} />
        </>
      }
      trail={[...courseTrail(at, course), [at.t("suites.title"), `${base}/suites`]]}
    >
      <CourseNav at={at} access={view.access} here="suites" />
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <ProofPart at={at} view={view} />
        <div class="grid gap-4">
          <UseCard at={at} view={view} />
          <FactsCard at={at} view={view} />
          <VersionsCard at={at} view={view} />
        </div>
      </div>
    </Page>
  );
}

function UseCard({ at, view }: Props) {
  const { course } = view.access;
  return (
    <Card title={at.t("suites.in-use")} id="use">
      {view.assignments.length === 0 ? (
        <p class="muted text-sm">{at.t("suites.in-use.none")}</p>
      ) : (
        <ul class="grid gap-1 text-sm">
          {view.assignments.map(({ slug, title }) => (
            <li>
              <a href={`/assignments/${course.slug}.${slug}`} class="link">
                {title[at.lang]}
              </a>
            </li>
          ))}
        </ul>
      )}
      <TakeOver at={at} view={view} />
    </Card>
  );
}

/** A published version may take another's place; the page that follows offers the re-run. */
function TakeOver({ at, view }: Props) {
  const { version, standing } = view.access;
  if (version.state !== "published" || !allows(standing, "assignment.edit")) return null;
  return (
    <>
      {view.others.map(({ id, title }) => (
        <form method="post" action={`/suite-versions/${version.id}/use`} class="mt-3">
          <input type="hidden" name="assignment" value={id} />
          <button type="submit" class="btn btn-sm h-auto w-full py-1.5">
            {at.t("suites.use", { title: title[at.lang] })}
          </button>
        </form>
      ))}
    </>
  );
}

function FactsCard({ at, view }: Props) {
  const { hash, bytes, config } = view.access.version;
  const { limits, files, image } = config;
  return (
    <Card>
      <Facts>
        <Fact name={at.t("suites.files")}>
          {files.required.map((path) => (
            <code class="block">{path}</code>
          ))}
        </Fact>
        <Fact name={at.t("suites.limits")}>
          {at.t("suites.limits.value", {
            cpus: limits.cpus,
            memory: memorySize(limits.memory),
            wall: limits.wall,
            test: limits.per_test,
          })}
        </Fact>
        <Fact name={at.t("suites.image")}>{image}</Fact>
        <Fact name={at.t("suites.size")}>{fileSize(bytes)}</Fact>
        <Fact name={at.t("suites.hash")}>
          <code class="text-xs break-all">{hash}</code>
        </Fact>
      </Facts>
    </Card>
  );
}

function VersionsCard({ at, view }: Props) {
  return (
    <Card title={at.t("suites.versions")} id="versions">
      <ul class="grid gap-2 text-sm">
        {view.versions.map(({ id, number, state }) => (
          <li class="flex items-center justify-between gap-3">
            <a
              href={`/suite-versions/${id}`}
              class="link"
              aria-current={id === view.access.version.id ? "page" : undefined}
            >
              {at.t("suites.version", { number })}
            </a>
            <StateTag at={at} state={state} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
