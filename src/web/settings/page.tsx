import type { Assignment } from "../../assignments/tables.ts";
import type { CourseAccess } from "../../courses/access.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { type Field, type Form, fields, type Group, groups } from "./fields.ts";

export interface SettingsView {
  access: CourseAccess;
  /** Null: a new one. */
  assignment: Assignment | null;
  versions: { id: string; name: string; number: number }[];
  /** What stands in the fields. */
  form: Form;
  wrong: string[];
  /** A refusal of the whole. */
  refusal: string | null;
  older: number;
}

interface Props {
  at: PageContext;
  view: SettingsView;
}

export function SettingsPage({ at, view }: Props) {
  const { access, assignment } = view;
  const { course } = access;
  const address = assignment && `/assignments/${course.slug}.${assignment.slug}`;
  return (
    <Page
      at={at}
      title={at.t(assignment ? "settings.title" : "settings.new")}
      lead={assignment?.title[at.lang]}
      trail={[
        ...courseTrail(at, course),
        ...(assignment ? ([[assignment.title[at.lang], address]] as [string, string][]) : []),
      ]}
    >
      <CourseNav at={at} access={access} here="assignments" />
      {view.older > 0 && <Older at={at} count={view.older} address={address!} />}
      <Problems at={at} view={view} />
      <form
        method="post"
        action={address ? `${address}/settings` : `/courses/${course.slug}/assignments`}
        class="grid gap-4"
      >
        <Card>
          <div class="grid gap-4 sm:grid-cols-2">
            {!assignment && (
              <Text at={at} view={view} name="slug" help pattern="[a-z0-9][a-z0-9\-]*" maxlength={64} />
            )}
            <Text at={at} view={view} name="title-en" maxlength={200} />
            <Text at={at} view={view} name="title-zh" maxlength={200} />
            <SuiteChoice at={at} view={view} />
          </div>
        </Card>
        {groups.map((group) => (
          <GroupCard at={at} view={view} group={group} />
        ))}
        <div>
          <button type="submit" class="btn btn-primary">
            {at.t(assignment ? "settings.save" : "settings.create")}
          </button>
        </div>
      </form>
    </Page>
  );
}

function Older({ at, count, address }: { at: PageContext; count: number; address: string }) {
  return (
    <div class="mb-4">
      <Alert kind="info" title={at.t("settings.older", { count })}>
        {at.t("settings.older.help")}{" "}
        <a href={`${address}/rerun`} class="link">
          {at.t("settings.rerun")}
        </a>
      </Alert>
    </div>
  );
}

function Problems({ at, view }: Props) {
  if (view.wrong.length === 0 && view.refusal === null) return null;
  const labels = view.wrong.map((name) => {
    const field = fields.find((one) => one.name === name);
    return field ? at.t(field.label) : at.t(`settings.${name as "slug"}`);
  });
  return (
    <div class="mb-4">
      <Alert kind="error" title={at.t("settings.wrong")}>
        {view.refusal ?? labels.join(", ")}
      </Alert>
    </div>
  );
}

function GroupCard({ at, view, group }: Props & { group: Group }) {
  return (
    <Card title={at.t(`settings.group.${group}`)} id={`group-${group}`}>
      {group === "dates" && (
        <p class="muted mb-3 text-sm">{at.t("settings.zone", { zone: view.access.course.timeZone })}</p>
      )}
      <div class="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {fields
          .filter((field) => field.group === group)
          .map((field) => (
            <Setting at={at} view={view} field={field} />
          ))}
      </div>
    </Card>
  );
}

function Setting({ at, view, field }: Props & { field: Field }) {
  const { name, input } = field;
  const id = `setting-${name}`;
  const wrong = view.wrong.includes(name);
  const told = [wrong && `${id}-wrong`, field.help && `${id}-help`].filter(Boolean).join(" ");
  const common = {
    ...{ id, name, "aria-describedby": told === "" ? undefined : told },
    "aria-invalid": wrong ? ("true" as const) : undefined,
  };
  const value = view.form[name] ?? "";
  return (
    <div>
      <label for={id} class="mb-1 block text-sm font-medium">
        {at.t(field.label)}
      </label>
      {input.type === "choice" ? (
        <select {...common} class="select w-full">
          {input.options.map(([option, label]) => (
            <option value={option} selected={option === value}>
              {at.t(label)}
            </option>
          ))}
        </select>
      ) : input.type === "moment" ? (
        <input {...common} type="datetime-local" value={value} class="input w-full" />
      ) : input.type === "text" ? (
        <input {...common} type="text" pattern={input.pattern} value={value} class="input w-full" />
      ) : (
        <input {...common} type="number" min={input.min} max={input.max} value={value} class="input w-full" />
      )}
      <Beneath at={at} id={id} wrong={wrong} help={field.help && at.t(field.help)} />
    </div>
  );
}

function Beneath(props: { at: PageContext; id: string; wrong: boolean; help: string | undefined }) {
  const { at, id, wrong, help } = props;
  return (
    <>
      {wrong && (
        <p id={`${id}-wrong`} class="mt-1 text-sm text-error">
          {at.t("settings.wrong.field")}
        </p>
      )}
      {help && (
        <p id={`${id}-help`} class="muted mt-1 text-sm">
          {help}
        </p>
      )}
    </>
  );
}

interface TextProps extends Props {
  name: "slug" | "title-en" | "title-zh";
  help?: boolean;
  pattern?: string;
  maxlength: number;
}

function Text({ at, view, name, help, pattern, maxlength }: TextProps) {
  const id = `setting-${name}`;
  const wrong = view.wrong.includes(name);
  return (
    <div>
      <label for={id} class="mb-1 block text-sm font-medium">
        {at.t(`settings.${name}`)}
      </label>
      <input
        id={id}
        name={name}
        required
        maxlength={maxlength}
        pattern={pattern}
        value={view.form[name] ?? ""}
        aria-invalid={wrong ? "true" : undefined}
        aria-describedby={help ? `${id}-help` : undefined}
        autocomplete="off"
        class="input w-full"
      />
      <Beneath at={at} id={id} wrong={wrong} help={help ? at.t("settings.slug.help") : undefined} />
    </div>
  );
}

function SuiteChoice({ at, view }: Props) {
  const chosen = view.form.suiteVersionId ?? "";
  return (
    <div>
      <label for="setting-suite" class="mb-1 block text-sm font-medium">
        {at.t("settings.suite")}
      </label>
      <select
        id="setting-suite"
        name="suiteVersionId"
        aria-describedby="setting-suite-help"
        class="select w-full"
      >
        <option value="" selected={chosen === ""}>
          {at.t("settings.suite.none")}
        </option>
        {view.versions.map(({ id, name, number }) => (
          <option value={id} selected={id === chosen}>
            {at.t("settings.suite.option", { suite: name, number })}
          </option>
        ))}
      </select>
      <p id="setting-suite-help" class="muted mt-1 text-sm">
        {at.t("settings.suite.help")}
      </p>
    </div>
  );
}
