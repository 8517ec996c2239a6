import type { AssignmentAccess } from "../../assignments/assignments.ts";
import { allows, type CourseAccess } from "../../courses/access.ts";
import type { AssignmentLine, Insight } from "../../insight/course-insight.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Card, Empty } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { Bars } from "../statistics/bars.tsx";
import { Heat } from "./heat.tsx";
import { ItemTable } from "./items.tsx";
import { Lines } from "./lines.tsx";
import { NeedyCards } from "./needy.tsx";
import type { PartProps } from "./props.ts";

export interface InsightProps {
  at: PageContext;
  access: CourseAccess;
  lines: AssignmentLine[];
  /** The assignment that is looked at; null: the course has none. */
  looked: { access: AssignmentAccess; insight: Insight } | null;
}

export function InsightPage({ at, access, lines, looked }: InsightProps) {
  const { course } = access;
  return (
    <Page
      at={at}
      title={at.t("insight.title")}
      wide
      lead={at.t("insight.lead")}
      trail={courseTrail(at, course)}
    >
      <CourseNav at={at} access={access} here="insight" />
      {allows(access.standing, "capacity.view") && (
        <p class="mb-4 text-sm">
          <a href={`/courses/${course.slug}/plan`} class="link">
            {at.t("plan.open")}
          </a>
        </p>
      )}
      {looked === null ? (
        <Empty title={at.t("insight.empty")}>{at.t("insight.empty-help")}</Empty>
      ) : (
        <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
          <Assignments at={at} access={access} lines={lines} looked={looked} />
          <Looked at={at} access={looked.access} insight={looked.insight} />
        </div>
      )}
    </Page>
  );
}

function Assignments({ at, access, lines, looked }: InsightProps) {
  const base = `/courses/${access.course.slug}/insight`;
  return (
    <Card title={at.t("course.assignments")} id="assignments">
      <section
        class="overflow-x-auto"
        tabindex={0}
        aria-label={`${at.t("course.assignments")}: ${at.t("statistics.table")}`}
      >
        <table class="table table-sm max-sm:[&_:is(td,th)]:px-1.5">
          <thead class="text-base-content max-sm:text-xs max-sm:whitespace-normal">
            <tr>
              <th scope="col">{at.t("insight.assignment")}</th>
              <th scope="col" class="max-sm:hidden">
                {at.t("insight.due")}
              </th>
              <th scope="col" class="text-right">
                {at.t("insight.handed-in")}
              </th>
              <th scope="col" class="text-right">
                {at.t("statistics.submissions")}
              </th>
              <th scope="col" class="text-right">
                {at.t("insight.named")}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ id, slug, title, dueAt, handedIn, submissions, named }) => {
              const here = id === looked!.access.assignment.id;
              const due = dueAt && <Moment at={dueAt} zone={access.course.timeZone} lang={at.lang} />;
              return (
                <tr>
                  <th scope="row" class="min-w-36 font-normal sm:min-w-40">
                    <a
                      href={`${base}?assignment=${slug}`}
                      aria-current={here ? "page" : undefined}
                      class={here ? "font-semibold" : "link"}
                    >
                      {title[at.lang]}
                    </a>
                    <span class="muted block text-xs sm:hidden">{due ?? ""}</span>
                  </th>
                  <td class="whitespace-nowrap max-sm:hidden">{due ?? "–"}</td>
                  <td class="text-right tabular-nums">{handedIn}</td>
                  <td class="text-right tabular-nums">{submissions}</td>
                  <td class="text-right tabular-nums">{named}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </Card>
  );
}

function Looked({ at, access, insight }: { at: PageContext; access: AssignmentAccess; insight: Insight }) {
  const { course, assignment } = access;
  const ref = `/assignments/${course.slug}.${assignment.slug}`;
  const { students, handedIn, graded, days } = insight;
  return (
    <>
      <div class="mt-2 flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 class="text-xl font-semibold">{assignment.title[at.lang]}</h2>
        <p class="flex flex-wrap gap-x-4 text-sm">
          <span class="muted">{at.t("insight.sum", { students, handedIn, graded })}</span>
          <a href={`${ref}/mistakes`} class="link">
            {at.t("mistakes.title")}
          </a>
          <a href={`${ref}/statistics`} class="link">
            {at.t("statistics.title")}
          </a>
        </p>
      </div>
      {days.length === 0 ? (
        <Empty title={at.t("insight.nothing")}>{at.t("insight.nothing-help")}</Empty>
      ) : (
        <>
          <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
            <OverTime at={at} insight={insight} />
            <Starts at={at} insight={insight} />
          </div>
          <ItemTable at={at} insight={insight} />
          <Tests at={at} insight={insight} />
          <Mistakes at={at} insight={insight} address={`${ref}/mistakes`} />
          <Deadline at={at} insight={insight} />
        </>
      )}
      <NeedyCards at={at} access={access} insight={insight} />
    </>
  );
}

const percent = (share: number) => `${Math.round(share * 100)} %`;
const seconds = (value: number) =>
  value >= 100 ? `${Math.round(value)} s` : `${Number(value.toPrecision(2))} s`;

function OverTime({ at, insight: { days } }: PartProps) {
  return (
    <Card title={at.t("insight.over-time")} id="over-time">
      <h3 class="mb-1 font-medium">{at.t("insight.points")}</h3>
      <Lines
        at={at}
        title={at.t("insight.points")}
        head={at.t("statistics.day")}
        places={days.map(({ day }) => day.slice(5))}
        series={[{ label: at.t("insight.share"), values: days.map(({ share }) => share) }]}
        show={percent}
      />
      <div class="mt-4">
        <h3 class="mb-1 font-medium">{at.t("statistics.days")}</h3>
        <Bars
          at={at}
          title={at.t("statistics.days")}
          heads={[at.t("statistics.day"), at.t("statistics.submissions")]}
          bars={days.map(({ day, submissions }) => ({ label: day.slice(5), count: submissions }))}
        />
      </div>
    </Card>
  );
}

function Starts({ at, insight: { starts } }: PartProps) {
  return (
    <Card title={at.t("insight.starts")} id="starts">
      {starts === null ? (
        <p class="muted text-sm">{at.t("insight.no-due")}</p>
      ) : (
        <>
          <p class="muted mb-3 text-sm">{at.t("insight.starts.help")}</p>
          <Bars
            at={at}
            title={at.t("insight.starts")}
            heads={[at.t("insight.before-due"), at.t("statistics.students")]}
            bars={starts.map((count, bar) => ({ label: at.t(`insight.start.${bar as 0}`), count }))}
          />
        </>
      )}
    </Card>
  );
}

function Tests({ at, insight: { tests, days } }: PartProps) {
  if (tests.length === 0) return null;
  return (
    <Card title={at.t("insight.tests-by-day")} id="tests-by-day">
      <p class="muted mb-3 text-sm">{at.t("insight.tests-by-day.help")}</p>
      <Heat
        at={at}
        title={at.t("insight.tests-by-day")}
        head={at.t("statistics.test")}
        days={days.map(({ day }) => day)}
        rows={tests.map(({ title, days: cells }) => ({ label: title[at.lang], cells }))}
        shade={(share) => share}
        show={(share) => String(Math.round(share * 100))}
      />
    </Card>
  );
}

function Mistakes({ at, insight: { mistakes, days }, address }: PartProps & { address: string }) {
  const most = Math.max(1, ...mistakes.flatMap(({ days: cells }) => cells));
  return (
    <Card
      title={at.t("insight.mistakes")}
      id="mistakes"
      actions={
        <a href={address} class="link text-sm">
          {at.t("insight.mistakes.more")}
        </a>
      }
    >
      {mistakes.length === 0 ? (
        <p class="muted text-sm">{at.t("mistakes.known.none")}</p>
      ) : (
        <>
          <p class="muted mb-3 text-sm">{at.t("insight.mistakes.help")}</p>
          <Heat
            at={at}
            title={at.t("insight.mistakes")}
            head={at.t("mistakes.mistake")}
            days={days.map(({ day }) => day)}
            rows={mistakes.map(({ title, students, days: cells }) => ({
              label: `${title[at.lang]} (${at.t("mistakes.students", { count: students })})`,
              cells: cells.map((count) => (count === 0 ? null : count)),
            }))}
            shade={(count) => count / most}
            show={String}
          />
        </>
      )}
    </Card>
  );
}

function Deadline({ at, insight: { hours } }: PartProps) {
  const places = hours.map(({ before }) => at.t("insight.hour", { hours: before + 1 }));
  const of = (what: "wait" | "grading", which: "p50" | "p95") =>
    hours.map((hour) => hour[what]?.[which] ?? null);
  if (hours.every(({ wait }) => wait === null)) return null;
  return (
    <Card title={at.t("insight.deadline")} id="deadline">
      <p class="muted mb-3 text-sm">{at.t("insight.deadline.help")}</p>
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2">
        {(["wait", "grading"] as const).map((what) => (
          <div>
            <h3 class="mb-1 font-medium">{at.t(`insight.${what}`)}</h3>
            <Lines
              at={at}
              title={at.t(`insight.${what}`)}
              head={at.t("insight.before-due")}
              places={places}
              series={[
                { label: at.t("insight.half"), values: of(what, "p50") },
                { label: at.t("insight.most"), values: of(what, "p95") },
              ]}
              show={seconds}
            />
          </div>
        ))}
      </div>
    </Card>
  );
}
