import type { AssignmentAccess } from "../../assignments/assignments.ts";
import { allows } from "../../courses/access.ts";
import type { UserError } from "../../platform/errors.ts";
import type { BatchScope, Rerun } from "../../submissions/tables.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty, Tag } from "../components/parts.tsx";
import { assignmentTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";

export interface NamedVersion {
  id: string;
  name: string;
  number: number;
}

export interface StartView {
  access: AssignmentAccess;
  /** In use; null while there is none. */
  version: NamedVersion | null;
  choices: { scope: BatchScope; version: NamedVersion | null; count: number }[];
  earlier: Rerun[];
  chosen: string;
  reason: string;
  error: UserError | null;
}

interface Props {
  at: PageContext;
  view: StartView;
}

export const choiceValue = ({ scope, version }: Pick<StartView["choices"][number], "scope" | "version">) =>
  version ? `version:${version.id}` : scope;

export function StartPage({ at, view }: Props) {
  const { course, assignment } = view.access;
  return (
    <Page
      at={at}
      title={at.t("rerun.title")}
      lead={at.t("rerun.lead")}
      trail={assignmentTrail(at, { course, assignment })}
    >
      <CourseNav at={at} access={view.access} here="assignments" />
      {view.error && (
        <div class="mb-4">
          <Alert kind="error" title={at.t("rerun.wrong")}>
            {view.error.sentence(at.lang)}
          </Alert>
        </div>
      )}
      <div class="grid gap-4">
        {allows(view.access.standing, "rerun.decide") && <StartCard at={at} view={view} />}
        <Earlier at={at} view={view} />
      </div>
    </Page>
  );
}

function StartCard({ at, view }: Props) {
  const { course, assignment } = view.access;
  if (!view.version) {
    return <Empty title={at.t("rerun.no-suite")}>{at.t("rerun.no-suite.help")}</Empty>;
  }
  const { name, number } = view.version;
  return (
    <Card>
      <form method="post" action={`/assignments/${course.slug}.${assignment.slug}/rerun`}>
        <fieldset>
          <legend class="mb-2 text-lg font-semibold">{at.t("rerun.scope")}</legend>
          <div class="grid gap-1">
            {view.choices.map((choice) => (
              <Choice at={at} choice={choice} chosen={view.chosen} />
            ))}
          </div>
        </fieldset>
        <label for="rerun-reason" class="mt-4 mb-1 block text-sm font-medium">
          {at.t("rerun.reason")}
        </label>
        <input
          id="rerun-reason"
          name="reason"
          required
          maxlength={1000}
          value={view.reason}
          class="input w-full"
        />
        <p class="mt-3 text-sm">{at.t("rerun.with", { suite: name, number })}</p>
        <button type="submit" class="btn btn-primary mt-3">
          {at.t("rerun.start")}
        </button>
      </form>
    </Card>
  );
}

function Choice(props: { at: PageContext; choice: StartView["choices"][number]; chosen: string }) {
  const { at, choice, chosen } = props;
  const value = choiceValue(choice);
  const { version } = choice;
  return (
    <label
      class={`flex items-center gap-3 rounded-field px-2 py-1.5 hover:bg-base-200 ${choice.count === 0 ? "muted" : ""}`}
    >
      <input
        type="radio"
        name="scope"
        value={value}
        checked={value === chosen}
        disabled={choice.count === 0}
        class="radio radio-sm"
      />
      <span class="mr-auto wrap-anywhere">
        {version
          ? at.t("rerun.scope.version", { suite: version.name, number: version.number })
          : at.t(`rerun.scope.${choice.scope}`)}
      </span>
      <span class="text-sm tabular-nums">{choice.count}</span>
    </label>
  );
}

function Earlier({ at, view }: Props) {
  const { timeZone } = view.access.course;
  return (
    <Card title={at.t("rerun.earlier")} id="earlier">
      {view.earlier.length === 0 ? (
        <p class="muted text-sm">{at.t("rerun.earlier.empty")}</p>
      ) : (
        <ul class="grid gap-2 text-sm">
          {view.earlier.map(({ id, reason, state, createdAt }) => (
            <li class="flex flex-wrap items-baseline gap-x-3">
              <a href={`/reruns/${id}`} class="link wrap-anywhere">
                {reason}
              </a>
              <Tag>{at.t(`rerun.state.${state}`)}</Tag>
              <span class="muted">
                <Moment at={createdAt} zone={timeZone} lang={at.lang} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
