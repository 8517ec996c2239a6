import type { Viewer } from "../../accounts/viewer.ts";
import type { Assignment } from "../../assignments/tables.ts";
import type { CourseAccess } from "../../courses/access.ts";
import type { Course } from "../../courses/tables.ts";
import type { Launch } from "../../lms/launch.ts";
import { Page } from "../components/page.tsx";
import { Empty } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";

interface Props {
  at: PageContext;
  launch: Launch;
  launchKey: string;
}

/** Somebody is signed in here whom the platform does not know yet: only they can say that they are the same. */
export function ConnectPage({ at, launch, launchKey, viewer }: Props & { viewer: Viewer }) {
  const { platform, facts } = launch;
  return (
    <Page at={at} title={at.t("lms.connect.title", { platform: platform.name })}>
      <form method="post" action="/lti/connect" class="card-box max-w-xl">
        <input type="hidden" name="launch" value={launchKey} />
        <p class="mb-4">
          {at.t("lms.connect.help", {
            platform: platform.name,
            there: facts.name ?? facts.email ?? facts.subject,
            here: `${viewer.name} (${viewer.email})`,
          })}
        </p>
        <button type="submit" class="btn btn-primary">
          {at.t("lms.connect.do")}
        </button>
      </form>
    </Page>
  );
}

export function ChooseCoursePage({ at, launch, launchKey, courses }: Props & { courses: CourseAccess[] }) {
  return (
    <Page at={at} title={at.t("lms.course.title")} lead={launch.facts.context.title}>
      {courses.length === 0 ? (
        <Empty title={at.t("lms.course.empty")} />
      ) : (
        <Choice
          {...{ at, launchKey, action: "/lti/course", name: "course" }}
          help={at.t("lms.course.help", { platform: launch.platform.name })}
          options={courses.map(({ course }) => [course.slug, course.title[at.lang]])}
        />
      )}
    </Page>
  );
}

export function ChooseAssignmentPage(props: Props & { course: Course; assignments: Assignment[] }) {
  const { at, launch, launchKey, course, assignments } = props;
  return (
    <Page
      at={at}
      title={at.t("lms.assignment.title")}
      lead={launch.facts.link.title}
      trail={courseTrail(at, course)}
    >
      {assignments.length === 0 ? (
        <Empty title={at.t("lms.assignment.empty")} />
      ) : (
        <Choice
          {...{ at, launchKey, action: "/lti/assignment", name: "assignment" }}
          help={at.t(
            launch.facts.lineItem || launch.facts.lineItems
              ? "lms.assignment.help"
              : "lms.assignment.no-points",
            {
              platform: launch.platform.name,
            },
          )}
          options={assignments.map(({ id, title }) => [id, title[at.lang]])}
        />
      )}
    </Page>
  );
}

function Choice(props: {
  at: PageContext;
  launchKey: string;
  action: string;
  name: string;
  help: string;
  options: [value: string, label: string][];
}) {
  const { at, name } = props;
  return (
    <form method="post" action={props.action} class="card-box max-w-xl">
      <input type="hidden" name="launch" value={props.launchKey} />
      <p class="mb-4">{props.help}</p>
      <fieldset class="grid gap-2">
        <legend class="sr-only">
          {at.t(name === "course" ? "lms.course.title" : "lms.assignment.title")}
        </legend>
        {props.options.map(([value, label], place) => (
          <label class="flex items-start gap-2">
            <input
              type="radio"
              name={name}
              value={value}
              class="radio radio-sm mt-0.5"
              required
              checked={place === 0}
            />
            <span class="wrap-anywhere">{label}</span>
          </label>
        ))}
      </fieldset>
      <button type="submit" class="btn btn-primary mt-4">
        {at.t("lms.choose")}
      </button>
    </form>
  );
}
