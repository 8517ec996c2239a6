// The first page: one's courses, and what is due next in any of them.
import type { Hono } from "hono";
import type { Viewer } from "../../accounts/viewer.ts";
import { dueDates, listAssignments } from "../../assignments/assignments.ts";
import type { Assignment } from "../../assignments/tables.ts";
import type { CourseAccess } from "../../courses/access.ts";
import { listCourses } from "../../courses/courses.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import type { Executor } from "../../platform/database.ts";
import { databaseNow } from "../../platform/time.ts";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Card, Empty, Tag } from "../components/parts.tsx";
import { type PageContext, pageContext } from "../context.ts";

/** Courses that are looked through for what is due; somebody in more sees it in each course. */
const COURSES_LOOKED_AT = 10;
const SHOWN_DUE = 5;

interface Due {
  course: CourseAccess["course"];
  assignment: Assignment;
  at: Date;
}

export function addHome(web: Hono<AppEnv>): void {
  web.get("/", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const courses = await listCourses(db, viewer);
    const now = await databaseNow(db);
    const due = await dueNext(db, viewer, courses, now);
    return c.html(
      <HomePage at={pageContext(c)} courses={courses} due={due} now={now} admin={viewer.admin} />,
    );
  });
}

async function dueNext(db: Executor, viewer: Viewer, courses: CourseAccess[], now: Date): Promise<Due[]> {
  const found: Due[] = [];
  for (const access of courses.filter(({ standing }) => standing === "student").slice(0, COURSES_LOOKED_AT)) {
    for (const assignment of await listAssignments(db, viewer, access)) {
      if (assignment.state !== "open" || (assignment.opensAt && assignment.opensAt > now)) continue;
      const { own } = await dueDates(db, assignment, viewer.id);
      if (own && own >= now) found.push({ course: access.course, assignment, at: own });
    }
  }
  return found.sort((a, b) => a.at.getTime() - b.at.getTime()).slice(0, SHOWN_DUE);
}

interface Props {
  at: PageContext;
  courses: CourseAccess[];
  due: Due[];
  now: Date;
  admin: boolean;
}

function HomePage({ at, courses, due, now, admin }: Props) {
  const studies = courses.some(({ standing }) => standing === "student");
  return (
    <Page at={at} title={at.t("home.title")}>
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-3">
        <ul class="grid content-start gap-3 lg:col-span-2">
          {courses.map(({ course, standing }) => (
            <li>
              <a
                href={`/courses/${course.slug}`}
                class="card-box flex flex-wrap items-center gap-x-3 gap-y-1 hover:border-primary"
              >
                <span class="text-lg font-semibold">{course.title[at.lang]}</span>
                <span class="muted text-sm">{course.slug}</span>
                <span class="ml-auto">
                  <Tag>{at.t(`role.${standing}`)}</Tag>
                </span>
              </a>
            </li>
          ))}
          {courses.length === 0 && (
            <li>
              <Empty title={at.t(admin ? "home.admin-empty" : "home.empty")}>
                {at.t(admin ? "home.admin-empty-help" : "home.empty-help", { email: at.viewer?.email ?? "" })}
              </Empty>
            </li>
          )}
        </ul>
        {studies && (
          <Card title={at.t("home.due-next")} id="due">
            {due.length === 0 && <p class="muted">{at.t("home.nothing-due")}</p>}
            <ol class="grid gap-3">
              {due.map(({ course, assignment, at: when }) => (
                <li>
                  <a
                    href={`/assignments/${course.slug}.${assignment.slug}`}
                    class="link link-hover font-medium"
                  >
                    {assignment.title[at.lang]}
                  </a>
                  <p class="text-sm">
                    <Moment at={when} zone={course.timeZone} lang={at.lang} now={now} />
                  </p>
                </li>
              ))}
            </ol>
          </Card>
        )}
      </div>
    </Page>
  );
}
