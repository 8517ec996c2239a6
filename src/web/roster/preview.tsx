import type { CourseAccess } from "../../courses/access.ts";
import type { LineChange, PreviewedLine } from "../../courses/import-roster.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty, Tag } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";

export interface PreviewView {
  access: CourseAccess;
  lines: PreviewedLine[];
  encoding: string;
  /** The file as it came, base64: the next request brings it back. */
  file: string;
  /** Completes names to sign in with. */
  domain: string;
  /** Names what is shown. */
  preview: string;
  stale: boolean;
}

interface Props {
  at: PageContext;
  view: PreviewView;
}

const kinds: LineChange[] = ["person", "added", "changed", "unchanged"];
/** More lines than a person reads; the counts are of all. */
const LINES_SHOWN = 300;

export function PreviewPage({ at, view }: Props) {
  const { course } = view.access;
  const base = `/courses/${course.slug}`;
  const changes = view.lines.filter(({ change }) => change !== "unchanged");
  return (
    <Page
      at={at}
      title={at.t("roster.preview")}
      wide
      lead={at.t("roster.preview.lead", { encoding: view.encoding.toUpperCase() })}
      trail={[...courseTrail(at, course), [at.t("roster.title"), `${base}/roster`]]}
    >
      <CourseNav at={at} access={view.access} here="roster" />
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
        {view.stale && <Alert kind="warning">{at.t("roster.preview.stale")}</Alert>}
        <div class="card-box flex flex-wrap items-center justify-between gap-4">
          <ul class="flex flex-wrap gap-x-6 gap-y-1 text-sm">
            {kinds.map((kind) => (
              <li data-change={kind}>
                <strong class="text-base font-semibold tabular-nums">
                  {view.lines.filter(({ change }) => change === kind).length}
                </strong>{" "}
                {at.t(`roster.change.${kind}`)}
              </li>
            ))}
          </ul>
          <div class="flex flex-wrap gap-2">
            <a href={`${base}/roster`} class="btn">
              {at.t("roster.preview.back")}
            </a>
            {changes.length > 0 && (
              <form method="post" action={`${base}/roster/import`}>
                <input type="hidden" name="file" value={view.file} />
                <input type="hidden" name="domain" value={view.domain} />
                <input type="hidden" name="preview" value={view.preview} />
                <button type="submit" class="btn btn-primary">
                  {at.t("roster.preview.do")}
                </button>
              </form>
            )}
          </div>
        </div>
        {changes.length === 0 ? (
          <Empty title={at.t("roster.preview.nothing")}>{at.t("roster.preview.nothing-help")}</Empty>
        ) : (
          <Changes at={at} lines={changes} />
        )}
      </div>
    </Page>
  );
}

function Changes({ at, lines }: { at: PageContext; lines: PreviewedLine[] }) {
  return (
    <Card>
      <section class="relative overflow-x-auto" tabindex={0} aria-label={at.t("roster.preview")}>
        <table class="w-full text-sm">
          <thead class="border-b border-base-300 text-left">
            <tr>
              {(["table.name", "roster.role", "roster.number", "roster.section"] as const).map((label) => (
                <th scope="col" class="py-2 pr-4 font-semibold">
                  {at.t(label)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, LINES_SHOWN).map((line) => (
              <Line at={at} line={line} />
            ))}
          </tbody>
        </table>
      </section>
      {lines.length > LINES_SHOWN && (
        <p class="muted mt-3 text-sm">{at.t("rerun.shown", { shown: LINES_SHOWN, total: lines.length })}</p>
      )}
    </Card>
  );
}

function Line({ at, line }: { at: PageContext; line: PreviewedLine }) {
  const { before, after } = line;
  return (
    <tr class="border-b border-base-300 last:border-0" data-change={line.change}>
      <th scope="row" class="min-w-44 py-2 pr-4 text-left font-medium wrap-anywhere">
        {line.line.name} <Tag strong={line.change === "person"}>{at.t(`roster.change.${line.change}`)}</Tag>
        <span class="muted block font-normal">{line.line.email}</span>
      </th>
      <Value before={before && at.t(`role.${before.role}`)} after={at.t(`role.${after.role}`)} />
      <Value before={before?.studentNumber ?? null} after={after.studentNumber} />
      <Value before={before?.section ?? null} after={after.section} />
    </tr>
  );
}

/** What stands there after, and where it differs what stood there before, struck out. */
function Value({ before, after }: { before: string | null; after: string | null }) {
  const differs = before !== null && before !== after;
  return (
    <td class="py-2 pr-4 whitespace-nowrap">
      {differs && (
        <>
          <del class="muted">{before}</del>{" "}
        </>
      )}
      {differs ? <ins class="font-semibold no-underline">{after}</ins> : after}
    </td>
  );
}
