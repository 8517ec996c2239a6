import { raw } from "hono/html";
import type { UserError } from "../../platform/errors.ts";
import { History } from "../components/history.tsx";
import { DownloadIcon } from "../components/icons.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { ContributionCard } from "../contributions/cards.tsx";
import { fileSize } from "../format.ts";
import { AtAGlance } from "./facts.tsx";
import type { AssignmentView } from "./load.ts";
import { UploadCard } from "./upload.tsx";

interface Props {
  at: PageContext;
  view: AssignmentView;
  /** Style sheets that formulas need. */
  math: string[];
  error: UserError | null;
  /** Of the statement of one's part. */
  statementError?: UserError | null;
}

export function AssignmentPage({ at, view, math, error, statementError = null }: Props) {
  const { access, due, now, sheet, seenAs } = view;
  const { course, assignment } = access;
  return (
    <Page
      at={at}
      title={assignment.title[at.lang]}
      wide
      trail={courseTrail(at, course)}
      lead={
        due ? (
          <>
            {at.t("assignment.due")} <Moment at={due} zone={course.timeZone} lang={at.lang} now={now} />
          </>
        ) : (
          at.t("assignment.no-due")
        )
      }
      head={
        <>
          {math.map((href) => (
            <link rel="stylesheet" href={href} />
          ))}
          {sheet?.css && <style nonce={at.nonce}>{raw(sheet.css)}</style>}
        </>
      }
    >
      {seenAs && <SeenAs at={at} slug={course.slug} {...seenAs} />}
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div class="grid gap-4 lg:order-2">
          <GroupLine at={at} view={view} />
          {!seenAs && <UploadCard at={at} view={view} error={error} />}
          <AtAGlance at={at} view={view} />
          {statementError && <Alert kind="error">{statementError.sentence(at.lang)}</Alert>}
          {!view.staff && (
            <ContributionCard at={at} access={access} view={view.statements} readOnly={seenAs !== null} />
          )}
          <Mine at={at} view={view} />
        </div>
        <SheetCard at={at} view={view} />
      </div>
    </Page>
  );
}

/** Staff look with a student's eyes: nothing on the page can be sent. */
function SeenAs({ at, slug, id, name }: { at: PageContext; slug: string; id: string; name: string }) {
  return (
    <div class="mb-4">
      <Alert kind="info">
        {at.t("course.seen-as", { name })}{" "}
        <a href={`/courses/${slug}/as/${id}`} class="link">
          {at.t("course.seen-as.course")}
        </a>
      </Alert>
    </div>
  );
}

/** With whom one hands in, where the work is a group's. */
function GroupLine({ at, view }: { at: PageContext; view: AssignmentView }) {
  const { partners, access, staff } = view;
  if (partners === null || staff) return null;
  return (
    <Alert kind={partners.length === 0 ? "warning" : "info"}>
      {partners.length === 0 ? at.t("groups.alone") : at.t("groups.with", { names: partners.join(", ") })}{" "}
      <a href={`/courses/${access.course.slug}/groups`} class="link">
        {at.t("groups.open")}
      </a>
    </Alert>
  );
}

function Mine({ at, view }: { at: PageContext; view: AssignmentView }) {
  const { access, history, staff } = view;
  const ref = `/assignments/${access.course.slug}.${access.assignment.slug}`;
  const all = staff && (
    <a href={`${ref}/submissions`} class="link text-sm">
      {at.t("assignment.all-submissions")}
    </a>
  );
  return (
    <Card title={at.t("assignment.history")} id="history" actions={all}>
      {history.length === 0 ? (
        <Empty title={at.t("assignment.history.empty")}>{at.t("assignment.history.empty-help")}</Empty>
      ) : (
        <History at={at} history={history} zone={access.course.timeZone} asStudent={view.seenAs !== null} />
      )}
    </Card>
  );
}

function SheetCard({ at, view }: { at: PageContext; view: AssignmentView }) {
  const { sheet, suite, access } = view;
  const starter = suite?.files.starter ?? [];
  const size = starter.reduce((sum, file) => sum + file.size, 0);
  const ref = `/assignments/${access.course.slug}.${access.assignment.slug}`;
  const download = starter.length > 0 && (
    <a href={`${ref}/starter.zip`} class="btn btn-sm" download>
      <DownloadIcon />
      {at.t("assignment.starter")}
      <span class="muted font-normal">{fileSize(size)}</span>
    </a>
  );
  return (
    <Card title={at.t("assignment.sheet")} id="sheet" actions={download}>
      {!sheet && <Empty title={at.t("assignment.sheet.none")}>{at.t("assignment.sheet.none-help")}</Empty>}
      {sheet && sheet.lang !== at.lang && <p class="muted mb-3 text-sm">{at.t("assignment.sheet.other")}</p>}
      {sheet && (
        <div class="sheet" lang={sheet.lang === "zh" ? "zh-CN" : "en"}>
          {raw(sheet.html)}
        </div>
      )}
    </Card>
  );
}
