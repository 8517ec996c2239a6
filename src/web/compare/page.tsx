import { ComparedTests } from "../components/compared-tests.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Card, Empty, Tag } from "../components/parts.tsx";
import { PointsSum } from "../components/points.tsx";
import { assignmentTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { points } from "../format.ts";
import { sourceAddress } from "../submission/aside.tsx";
import type { DiffLine } from "./line-diff.ts";
import { type CompareView, FILES_LINE_BY_LINE, type FileLines, type Side } from "./load.ts";

interface Props {
  at: PageContext;
  view: CompareView;
}

export function ComparePage({ at, view }: Props) {
  const { course, assignment, submission, members, staff } = view.after.access;
  const numbers = { before: view.before.access.submission.number, after: submission.number };
  const as = view.asStudent ? "?as=student" : "";
  return (
    <Page
      at={at}
      title={at.t("compare.title", numbers)}
      wide
      lead={
        staff
          ? at.t("submission.of", { name: members.map(({ name }) => name).join(", ") })
          : assignment.title[at.lang]
      }
      trail={[
        ...assignmentTrail(at, { course, assignment }),
        [at.t("submission.title", { number: submission.number }), `/submissions/${submission.id}${as}`],
      ]}
    >
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
        <PointsCard at={at} view={view} />
        <Card title={at.t("compare.tests")} id="tests">
          {view.tests ? (
            <ComparedTests at={at} tests={view.tests} />
          ) : (
            <Empty title={at.t("compare.unfinished")}>{at.t("compare.unfinished-help")}</Empty>
          )}
        </Card>
        <FilesCard at={at} view={view} />
      </div>
    </Page>
  );
}

function PointsCard({ at, view }: Props) {
  const [was, is] = [view.before.report, view.after.report];
  const moved = is.points.total - was.points.total;
  const word = moved === 0 ? "compare.equal" : moved > 0 ? "compare.more" : "compare.fewer";
  return (
    <Card title={at.t("compare.points")} id="points">
      {view.tests && (
        <p class="mb-3 text-lg font-semibold">{at.t(word, { points: points(Math.abs(moved)) })}</p>
      )}
      <div class="grid gap-4 sm:grid-cols-2 sm:gap-8">
        <SidePoints at={at} side={view.before} label={at.t("compare.before")} asStudent={view.asStudent} />
        <SidePoints at={at} side={view.after} label={at.t("compare.after")} asStudent={view.asStudent} />
      </div>
    </Card>
  );
}

function SidePoints(props: { at: PageContext; side: Side; label: string; asStudent: boolean }) {
  const { at, label, asStudent } = props;
  const { access, report } = props.side;
  const { submission, course, assignment } = access;
  return (
    <div>
      <p class="mb-2 text-sm">
        <span class="muted">{`${label}: `}</span>
        <a href={`/submissions/${submission.id}${asStudent ? "?as=student" : ""}`} class="link font-medium">
          {at.t("submission.title", { number: submission.number })}
        </a>{" "}
        <span class="muted">
          <Moment at={submission.receivedAt} zone={course.timeZone} lang={at.lang} />
        </span>
      </p>
      {report.attempt.state === "finished" ? (
        <PointsSum at={at} report={report} assignment={assignment} />
      ) : (
        <Tag>{at.t(`state.${report.attempt.state}`)}</Tag>
      )}
    </div>
  );
}

/** More of them stand behind a line: a project that lost a folder would bury what was changed. */
const OTHERS_SHOWN = 5;

function FilesCard({ at, view }: Props) {
  const changed = view.files.filter(({ change }) => change === "changed");
  const others = view.files.filter(({ change }) => change !== "changed");
  const [open, folded] = others.length > OTHERS_SHOWN ? [[], others] : [others, []];
  return (
    <Card title={at.t("compare.files")} id="files">
      {view.files.length === 0 && (
        <Empty title={at.t("compare.files.none")}>{at.t("compare.files.none-help")}</Empty>
      )}
      <FileList at={at} view={view} files={[...changed, ...open]} />
      {folded.length > 0 && (
        <details class="mt-3 first:mt-0">
          <summary class="cursor-pointer text-sm">
            {at.t("compare.files.others", { count: folded.length })}
          </summary>
          <div class="mt-2">
            <FileList at={at} view={view} files={folded} />
          </div>
        </details>
      )}
      {changed.length > FILES_LINE_BY_LINE && (
        <p class="muted mt-3 text-sm">{at.t("compare.file.more", { count: FILES_LINE_BY_LINE })}</p>
      )}
    </Card>
  );
}

function FileList({ at, view, files }: Props & { files: FileLines[] }) {
  if (files.length === 0) return null;
  return (
    <ul class="grid grid-cols-[minmax(0,1fr)] gap-3">
      {files.map((file) => (
        <li>
          <FileChange at={at} view={view} file={file} />
        </li>
      ))}
    </ul>
  );
}

function FileChange({ at, view, file }: Props & { file: FileLines }) {
  const side = file.change === "removed" ? view.before : view.after;
  const { lines } = file;
  const number = (kind: DiffLine["kind"]) =>
    Array.isArray(lines) ? lines.flat().filter((line) => line.kind === kind).length : 0;
  return (
    <>
      <p class="flex flex-wrap items-baseline gap-x-3 text-sm">
        <a href={sourceAddress(side.access.submission.id, file.path)} class="link font-medium wrap-anywhere">
          {file.path}
        </a>
        <Tag>{at.t(`compare.file.${file.change}`)}</Tag>
        {Array.isArray(lines) && (
          <span class="muted">
            {at.t("compare.files.lines", { added: number("added"), removed: number("removed") })}
          </span>
        )}
      </p>
      {typeof lines === "string" && <p class="muted mt-1 text-sm">{at.t(`compare.file.${lines}`)}</p>}
      {Array.isArray(lines) && (
        <section class="code-view mt-2" tabindex={0} aria-label={file.path}>
          <pre>
            <code>
              {lines.map((hunk, place) => (
                <>
                  {place > 0 && <span class="diff-gap">{"⋯\n"}</span>}
                  {hunk.map((line) => (
                    <Line at={at} line={line} />
                  ))}
                </>
              ))}
            </code>
          </pre>
        </section>
      )}
    </>
  );
}

const signs = { same: " ", added: "+", removed: "−" };

/** A sign before the colour, and a word for whoever sees neither. */
function Line({ at, line: { kind, text, number } }: { at: PageContext; line: DiffLine }) {
  return (
    <span class={`code-line diff-${kind}`} data-line={number}>
      <span aria-hidden="true">{`${signs[kind]} `}</span>
      {kind !== "same" && <span class="sr-only">{`${at.t(`compare.line.${kind}`)} `}</span>}
      {`${text}\n`}
    </span>
  );
}
