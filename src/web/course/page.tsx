import { allows, type CourseAccess } from "../../courses/access.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty, Tag } from "../components/parts.tsx";
import { ScoreBar } from "../components/score.tsx";
import type { PageContext } from "../context.ts";
import { points } from "../format.ts";
import type { CourseRow } from "./rows.ts";

interface Props {
  at: PageContext;
  access: CourseAccess;
  rows: CourseRow[];
  now: Date;
  /** Whether there are groups to look at, or to make. */
  groups: boolean;
  /** The student with whose eyes staff look; null: the viewer's own. */
  seenAs: { id: string; name: string } | null;
}

export function CoursePage({ at, access, rows, now, groups, seenAs }: Props) {
  const { course, standing } = access;
  const graded = rows.flatMap(({ mine }) => (mine?.counting?.view.net == null ? [] : [mine.counting.view]));
  return (
    <Page
      at={at}
      title={course.title[at.lang]}
      lead={`${course.slug} · ${at.t(`role.${standing}`)}`}
      trail={[[at.t("nav.courses"), "/"]]}
    >
      {seenAs === null ? (
        <CourseNav at={at} access={access} here="assignments" />
      ) : (
        <div class="mb-4">
          <Alert kind="info">
            {at.t("course.seen-as", { name: seenAs.name })}{" "}
            <a href={`/courses/${course.slug}/gradebook`} class="link">
              {at.t("course.seen-as.back")}
            </a>
          </Alert>
        </div>
      )}
      {groups && !allows(standing, "group.manage") && (
        <p class="mb-4">
          <a href={`/courses/${course.slug}/groups`} class="btn btn-sm">
            {at.t("groups.title")}
          </a>
        </p>
      )}
      {graded.length > 0 && <SoFar at={at} views={graded} />}
      <div class="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 class="text-lg font-semibold">{at.t("course.assignments")}</h2>
        <span class="flex flex-wrap items-center gap-x-4 gap-y-2">
          {seenAs === null && (
            <a href={`/courses/${course.slug}/late-days`} class="link text-sm">
              {at.t("lateness.book.title")}
            </a>
          )}
          {allows(standing, "retention.view") && (
            <a href={`/courses/${course.slug}/retention`} class="link text-sm">
              {at.t("retention.title")}
            </a>
          )}
          {standing === "admin" && (
            <a href={`/courses/${course.slug}/copy`} class="link text-sm">
              {at.t("copy.title")}
            </a>
          )}
          {allows(standing, "assignment.edit") && (
            <a href={`/courses/${course.slug}/assignments/new`} class="btn btn-sm">
              {at.t("settings.new")}
            </a>
          )}
        </span>
      </div>
      {rows.length === 0 && <Empty title={at.t("course.empty")}>{at.t("course.empty-help")}</Empty>}
      <ul class="grid gap-3">
        {rows.map((row) => (
          <li>
            <AssignmentRow at={at} access={access} row={row} now={now} seenAs={seenAs} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function SoFar({ at, views }: { at: PageContext; views: { net: number | null; max: number | null }[] }) {
  const net = views.reduce((sum, view) => sum + (view.net ?? 0), 0);
  const max = views.reduce((sum, view) => sum + (view.max ?? 0), 0);
  return (
    <Card title={at.t("course.so-far")} id="so-far" class="mb-6">
      <p class="mb-2 text-lg font-semibold tabular-nums">
        {at.t("points.of", { score: points(net), max: points(max) })}
      </p>
      <ScoreBar score={net} max={max} />
      <p class="muted mt-2 text-sm">{at.t("course.so-far-help")}</p>
    </Card>
  );
}

function AssignmentRow({
  at,
  access,
  row,
  now,
  seenAs,
}: {
  at: PageContext;
  access: CourseAccess;
  row: CourseRow;
  now: Date;
  seenAs: Props["seenAs"];
}) {
  const { course } = access;
  const { assignment, due, mine, count } = row;
  const ref = `/assignments/${course.slug}.${assignment.slug}`;
  const opens = assignment.opensAt && assignment.opensAt > now ? assignment.opensAt : null;
  return (
    <div class="card-box grid gap-x-6 gap-y-2 sm:grid-cols-[1fr_auto]">
      <div>
        <h3 class="font-semibold">
          <a
            href={seenAs ? `/courses/${course.slug}/as/${seenAs.id}/${assignment.slug}` : ref}
            class="link link-hover"
          >
            {assignment.title[at.lang]}
          </a>{" "}
          {assignment.state !== "open" && <Tag>{at.t(`course.${assignment.state}`)}</Tag>}
        </h3>
        <p class="text-sm">
          {opens ? (
            <>
              {at.t("course.opens")} <Moment at={opens} zone={course.timeZone} lang={at.lang} now={now} />
            </>
          ) : due ? (
            <>
              {at.t("assignment.due")} <Moment at={due} zone={course.timeZone} lang={at.lang} now={now} />
            </>
          ) : (
            <span class="muted">{at.t("assignment.no-due")}</span>
          )}
        </p>
        {mine && (
          <p class="muted text-sm">
            {at.t("label", {
              name: at.t("assignment.counts"),
              value: at.t(`assignment.counts.${assignment.counting}`),
            })}
            {mine.left !== null && ` · ${at.t("course.attempts-left", { count: mine.left })}`}
          </p>
        )}
      </div>
      <div class="self-center text-sm sm:min-w-40 sm:text-right">
        {mine && <Standing at={at} mine={mine} query={seenAs === null ? "" : "?as=student"} />}
        {count && (
          <>
            <p>{at.t("course.staff-view", { people: count.people, submissions: count.submissions })}</p>
            <a href={`${ref}/submissions`} class="link">
              {at.t("course.table")}
            </a>
            {allows(access.standing, "assignment.edit") && (
              <a
                href={`${ref}/settings`}
                class="link ml-3"
                aria-label={at.t("settings.open", { title: assignment.title[at.lang] })}
              >
                {at.t("settings.title")}
              </a>
            )}
          </>
        )}
      </div>
    </div>
  );
}

interface StandingProps {
  at: PageContext;
  mine: NonNullable<CourseRow["mine"]>;
  query: string;
}

function Standing({ at, mine, query }: StandingProps) {
  const entry = mine.counting ?? mine.latest;
  if (!entry) return <span class="muted">{at.t("state.none")}</span>;
  const { view, submission } = entry;
  return (
    <>
      <a href={`/submissions/${submission.id}${query}`} class="link font-semibold tabular-nums">
        {view.net === null
          ? at.t(`state.${view.state ?? "none"}`)
          : at.t("points.of", { score: points(view.net), max: points(view.max ?? 0) })}
      </a>
      {view.net !== null && (
        <div class="mt-2">
          <ScoreBar score={view.net} max={view.max ?? 0} />
        </div>
      )}
    </>
  );
}
