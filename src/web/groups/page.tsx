import type { Assignment } from "../../assignments/tables.ts";
import { allows, type CourseAccess } from "../../courses/access.ts";
import type { GroupWithMembers, SetWithGroups } from "../../courses/groups.ts";
import { groupFormations } from "../../courses/tables.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Page } from "../components/page.tsx";
import { Card, Empty, Field } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { labelled } from "../format.ts";

interface Props {
  at: PageContext;
  access: CourseAccess;
  sets: SetWithGroups[];
  assignments: Assignment[];
}
type Inner = Props & { set: SetWithGroups };

export function GroupsPage(props: Props) {
  const { at, access, sets } = props;
  const { course } = access;
  const staff = allows(access.standing, "group.manage");
  return (
    <Page at={at} title={at.t("groups.title")} trail={courseTrail(at, course)}>
      <CourseNav at={at} access={access} here="groups" />
      {sets.length === 0 && <Empty title={at.t("groups.empty")}>{at.t("groups.empty-help")}</Empty>}
      <div class="grid grid-cols-[minmax(0,1fr)] gap-6">
        {sets.map((set) => (
          <section aria-labelledby={`set-${set.slug}`}>
            <SetHead {...props} set={set} />
            {staff ? <AllGroups {...props} set={set} /> : <OwnGroup {...props} set={set} />}
          </section>
        ))}
        {staff && <NewSet {...props} />}
      </div>
    </Page>
  );
}

const addressOf = ({ access, set }: Inner) => `/courses/${access.course.slug}/groups/${set.slug}`;

function SetHead({ at, access, set, assignments }: Inner) {
  const used = assignments.filter(({ groupSetId }) => groupSetId === set.id);
  return (
    <div class="mb-3">
      <h2 id={`set-${set.slug}`} class="text-lg font-semibold">
        {set.title[at.lang]}
      </h2>
      <p class="muted text-sm">
        {at.t("groups.most", { most: set.mostMembers })} · {at.t(`groups.by.${set.formation}`)}
        {used.length > 0 && ` · ${at.t("groups.used-by")} `}
        {used.map((one) => (
          <a class="link" href={`/assignments/${access.course.slug}.${one.slug}`}>
            {one.title[at.lang]}
          </a>
        ))}
      </p>
    </div>
  );
}

const Names = ({ at, group }: { at: PageContext; group: GroupWithMembers }) => (
  <ul class="grid gap-1 text-sm" aria-label={at.t("groups.members")}>
    {group.members.map(({ name, email }) => (
      <li class="wrap-anywhere">
        {name} <span class="muted">{email}</span>
      </li>
    ))}
  </ul>
);

function OwnGroup(props: Inner) {
  const { at, set } = props;
  const { t } = at;
  const [mine] = set.groups;
  const byStudents = set.formation === "students";
  const address = addressOf(props);
  if (mine) {
    return (
      <Card title={labelled(t("groups.yours"), mine.name, at.lang)} id={`own-${set.slug}`}>
        <Names at={at} group={mine} />
        {byStudents && (
          <>
            <p class="mt-3 text-sm">
              {t("groups.code")}: <code class="font-semibold tracking-widest">{mine.code}</code>
            </p>
            <p class="muted text-sm">{t("groups.code.help")}</p>
            <form method="post" action={`${address}/leave`} class="mt-3">
              <button type="submit" class="btn btn-sm">
                {t("groups.leave")}
              </button>
            </form>
          </>
        )}
      </Card>
    );
  }
  if (!byStudents) return <Empty title={t("groups.none")}>{t("groups.none-staff")}</Empty>;
  return (
    <div class="grid gap-4 sm:grid-cols-2">
      <Card title={t("groups.create")} id={`create-${set.slug}`}>
        <OneField
          action={`${address}/new`}
          name="name"
          label={t("groups.name")}
          button={t("groups.create")}
        />
      </Card>
      <Card title={t("groups.join")} id={`join-${set.slug}`}>
        <OneField action={`${address}/join`} name="code" label={t("groups.code")} button={t("groups.join")} />
      </Card>
    </div>
  );
}

function OneField(props: { action: string; name: string; label: string; button: string; type?: string }) {
  return (
    <form method="post" action={props.action} class="flex flex-wrap items-end gap-2">
      <label class="grow text-sm">
        {props.label}
        <input
          name={props.name}
          type={props.type ?? "text"}
          required
          maxlength={200}
          autocomplete="off"
          class="input mt-1 w-full"
        />
      </label>
      <button type="submit" class="btn">
        {props.button}
      </button>
    </form>
  );
}

function AllGroups(props: Inner) {
  const { at, set } = props;
  const address = addressOf(props);
  return (
    <div class="grid gap-4 sm:grid-cols-2">
      {set.groups.map((group) => (
        <Card title={group.name} id={`group-${group.id}`}>
          <GroupMembers {...props} group={group} />
        </Card>
      ))}
      <Card title={at.t("groups.create")} id={`create-${set.slug}`}>
        <OneField
          action={`${address}/new`}
          name="name"
          label={at.t("groups.name")}
          button={at.t("groups.create")}
        />
      </Card>
      <Card title={at.t("groups.import")} id={`import-${set.slug}`}>
        <form method="post" action={`${address}/import`} class="grid gap-2">
          <label class="text-sm">
            {at.t("groups.import.lines")}
            <textarea name="lines" rows={4} required class="textarea mt-1 w-full font-mono" />
          </label>
          <button type="submit" class="btn btn-sm justify-self-start">
            {at.t("groups.import.do")}
          </button>
        </form>
      </Card>
    </div>
  );
}

function GroupMembers(props: Inner & { group: GroupWithMembers }) {
  const { at, group } = props;
  const address = addressOf(props);
  return (
    <>
      {group.members.length === 0 && <p class="muted text-sm">{at.t("groups.nobody")}</p>}
      <ul class="mb-3 grid gap-1 text-sm">
        {group.members.map((member) => (
          <li class="flex flex-wrap items-center gap-x-2">
            <span class="grow wrap-anywhere">
              {member.name} <span class="muted">{member.email}</span>
            </span>
            <form method="post" action={`${address}/remove/${member.id}`}>
              <button type="submit" class="btn btn-ghost btn-sm">
                {at.t("groups.remove", { name: member.name })}
              </button>
            </form>
          </li>
        ))}
      </ul>
      <OneField
        action={`${address}/members/${group.id}`}
        name="email"
        type="email"
        label={labelled(at.t("groups.place"), at.t("groups.email"), at.lang)}
        button={at.t("groups.put")}
      />
    </>
  );
}

function NewSet({ at, access }: Props) {
  const { t } = at;
  return (
    <Card title={t("groups.new-set")} id="new-set">
      <form
        method="post"
        action={`/courses/${access.course.slug}/groups`}
        class="grid gap-x-4 sm:grid-cols-2"
      >
        <Field label={t("groups.set.slug")} name="slug" />
        <Field label={t("groups.set.most")} name="most" type="number" value="3" />
        <Field label={t("groups.set.title-en")} name="titleEn" />
        <Field label={t("groups.set.title-zh")} name="titleZh" />
        <label class="mb-4 block text-sm font-medium">
          {t("groups.set.formation")}
          <select name="formation" class="select mt-1 w-full">
            {groupFormations.map((word) => (
              <option value={word}>{t(`groups.by.${word}`)}</option>
            ))}
          </select>
        </label>
        <div class="self-end pb-4">
          <button type="submit" class="btn btn-primary">
            {t("groups.set.create")}
          </button>
        </div>
      </form>
    </Card>
  );
}
