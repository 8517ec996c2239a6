import type { CourseAccess } from "../../courses/access.ts";
import {
  type Flagged,
  NEEDS_PERSON_PAGE,
  type Stuck,
  type ToGrade,
  type Waiting,
} from "../../review/needs-person.ts";
import { type OpenRegrade, REGRADES_PAGE } from "../../review/regrades.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { FlagIcon } from "../components/icons.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Card, Empty } from "../components/parts.tsx";
import { ScoreBar } from "../components/score.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";

export interface QueueView {
  access: CourseAccess;
  ungraded: ToGrade[];
  regrades: OpenRegrade[];
  flagged: Flagged[];
  stuck: Stuck[];
  /** What of the course waits for a GPU. */
  forDevices: number;
  now: Date;
}

interface Props {
  at: PageContext;
  view: QueueView;
}

/** What of a course waits for a person, the most urgent kind first. */
export function QueuePage({ at, view }: Props) {
  const { course } = view.access;
  const left = view.ungraded.filter((one) => one.left > 0);
  const nothing = left.length + view.regrades.length + view.flagged.length + view.stuck.length === 0;
  return (
    <Page at={at} title={at.t("queue.title")} trail={courseTrail(at, course)}>
      <CourseNav at={at} access={view.access} here="queue" />
      <p class="mb-4 text-sm">
        <a href={`/courses/${course.slug}/rota`} class="link">
          {at.t("rota.open")}
        </a>
        {view.forDevices > 0 && (
          <span class="muted"> · {at.t("rota.waits", { count: view.forDevices })}</span>
        )}
      </p>
      {nothing && <Empty title={at.t("queue.nothing")}>{at.t("queue.nothing-help")}</Empty>}
      {!nothing && (
        <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
          <Stucks at={at} view={view} />
          <Regrades at={at} view={view} />
          <Ungraded at={at} view={{ ...view, ungraded: left }} />
          <Flags at={at} view={view} />
        </div>
      )}
    </Page>
  );
}

function Section(props: { title: string; id: string; count: number; empty: string; children: unknown }) {
  return (
    <Card
      title={props.title}
      id={props.id}
      actions={<span class="muted text-sm tabular-nums">{props.count}</span>}
    >
      {props.count === 0 ? <p class="muted text-sm">{props.empty}</p> : (props.children as never)}
    </Card>
  );
}

function Line({ at, view, row, href }: Props & { row: Waiting; href: string }) {
  const name = row.assignment.title[at.lang];
  return (
    <>
      <a href={href} class="link font-medium wrap-anywhere">
        {at.t("queue.submission", { assignment: name, number: row.number })}
      </a>
      <p class="muted text-sm">
        {row.by} · <Moment at={row.at} zone={view.access.course.timeZone} lang={at.lang} now={view.now} />
      </p>
    </>
  );
}

function Stucks({ at, view }: Props) {
  return (
    <Section
      title={at.t("queue.stuck")}
      id="stuck"
      count={view.stuck.length}
      empty={at.t("queue.stuck.empty")}
    >
      <ul class="grid gap-3">
        {view.stuck.map((row) => (
          <li>
            <Line at={at} view={view} row={row} href={`/submissions/${row.submissionId}`} />
            {row.fault && <p class="text-sm wrap-anywhere">{row.fault}</p>}
            <code class="muted text-sm wrap-anywhere">assay debug {row.attemptId}</code>
          </li>
        ))}
      </ul>
      <More at={at} shown={view.stuck.length} page={NEEDS_PERSON_PAGE} />
    </Section>
  );
}

function Regrades({ at, view }: Props) {
  return (
    <Section
      title={at.t("regrade.title")}
      id="regrades"
      count={view.regrades.length}
      empty={at.t("queue.regrades.empty")}
    >
      <ul class="grid gap-3">
        {view.regrades.map(({ request, assignment, by, number }) => (
          <li>
            <Line
              at={at}
              view={view}
              row={{ submissionId: request.submissionId, number, by, assignment, at: request.askedAt }}
              href={`/regrades/${request.id}`}
            />
            <p class="line-clamp-2 text-sm wrap-anywhere">{request.reason}</p>
          </li>
        ))}
      </ul>
      <More at={at} shown={view.regrades.length} page={REGRADES_PAGE} />
    </Section>
  );
}

function Ungraded({ at, view }: Props) {
  const { course } = view.access;
  return (
    <Section
      title={at.t("queue.ungraded")}
      id="ungraded"
      count={view.ungraded.reduce((sum, one) => sum + one.left, 0)}
      empty={at.t("queue.ungraded.empty")}
    >
      <ul class="grid gap-4">
        {view.ungraded.map(({ assignment, all, left }) => (
          <li>
            <p class="mb-1 flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
              <span class="font-medium">{assignment.title[at.lang]}</span>
              <span class="muted tabular-nums">{at.t("queue.ungraded.count", { left, all })}</span>
            </p>
            <ScoreBar score={all - left} max={all} />
            <a href={`/assignments/${course.slug}.${assignment.slug}/review`} class="btn btn-sm mt-2 h-auto">
              {at.t("queue.ungraded.start", { name: assignment.title[at.lang] })}
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Flags({ at, view }: Props) {
  return (
    <Section
      title={at.t("queue.flags")}
      id="flags"
      count={view.flagged.length}
      empty={at.t("queue.flags.empty")}
    >
      <ul class="grid gap-4">
        {view.flagged.map((row) => (
          <li>
            <Line at={at} view={view} row={row} href={`/submissions/${row.submissionId}/review`} />
            {row.flags.map((flag) => (
              <p class="flex gap-2 text-sm">
                <span class="mt-1 text-warning">
                  <FlagIcon />
                </span>
                {flag[at.lang]}
              </p>
            ))}
            <form
              method="post"
              action={`/submissions/${row.submissionId}/flags`}
              class="mt-2 flex flex-wrap items-end gap-2"
            >
              <label class="grow text-sm">
                {at.t("queue.flags.note")}
                <input name="note" required maxlength={500} class="input input-sm mt-1 w-full" />
              </label>
              <button type="submit" class="btn btn-sm">
                {at.t("queue.flags.settle")}
              </button>
            </form>
          </li>
        ))}
      </ul>
      <More at={at} shown={view.flagged.length} page={NEEDS_PERSON_PAGE} />
    </Section>
  );
}

function More({ at, shown, page }: { at: PageContext; shown: number; page: number }) {
  if (shown < page) return null;
  return <p class="muted mt-3 text-sm">{at.t("queue.more", { count: page })}</p>;
}
