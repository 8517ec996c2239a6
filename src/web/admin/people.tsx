import { PEOPLE_PAGE } from "../../accounts/people.ts";
import type { Person } from "../../accounts/tables.ts";
import type { PersonCourse } from "../../courses/courses-of.ts";
import { Alert, Empty, Tag } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import { AdminFrame } from "./frame.tsx";

export interface PeopleView {
  search: string;
  people: Person[];
  courses: Map<string, PersonCourse[]>;
  /** Made just now, shown once. */
  link: { name: string; url: string } | null;
  error: string | null;
}

interface Props {
  at: PageContext;
  view: PeopleView;
}

export function PeoplePage({ at, view }: Props) {
  return (
    <AdminFrame at={at} here="people">
      {view.error && (
        <div class="mb-4">
          <Alert kind="error" title={at.t("admin.wrong")}>
            {view.error}
          </Alert>
        </div>
      )}
      {view.link && (
        <div class="mb-4">
          <Alert kind="success" title={at.t("admin.people.link", { name: view.link.name })}>
            <code class="break-all">{view.link.url}</code>
          </Alert>
        </div>
      )}
      <form method="get" action="/admin/people" class="mb-4 flex flex-wrap items-end gap-3">
        <div class="w-full sm:w-72">
          <label for="people-search" class="mb-1 block text-sm font-medium">
            {at.t("admin.people.search")}
          </label>
          <input id="people-search" type="search" name="q" value={view.search} class="input w-full" />
        </div>
        <button type="submit" class="btn">
          {at.t("table.show")}
        </button>
      </form>
      {view.people.length === 0 ? (
        <Empty title={at.t("admin.people.empty")} />
      ) : (
        <ul class="grid gap-2">
          {view.people.map((person) => (
            <PersonRow at={at} person={person} courses={view.courses.get(person.id) ?? []} />
          ))}
        </ul>
      )}
      <Next at={at} view={view} />
    </AdminFrame>
  );
}

function PersonRow({ at, person, courses }: { at: PageContext; person: Person; courses: PersonCourse[] }) {
  return (
    <li class="card-box flex flex-wrap items-center gap-x-6 gap-y-2 py-3">
      <div class="mr-auto min-w-0 basis-72">
        <p class="font-medium wrap-anywhere">
          {person.name} {person.admin && <Tag strong>{at.t("admin.people.admin")}</Tag>}{" "}
          {person.disabledAt && (
            <Tag>{at.t(person.removedAt ? "privacy.deleted.tag" : "admin.people.disabled")}</Tag>
          )}
        </p>
        <p class="muted text-sm wrap-anywhere">{person.email}</p>
      </div>
      {courses.length > 0 && (
        <p class="text-sm">
          {courses.map(({ slug, role }, place) => (
            <>
              {place > 0 && ", "}
              <a href={`/courses/${slug}/roster?q=${encodeURIComponent(person.email)}`} class="link">
                {slug}
              </a>{" "}
              <span class="muted">{at.t(`role.${role}`)}</span>
            </>
          ))}
        </p>
      )}
      {!person.removedAt && (
        <div class="flex flex-wrap gap-1">
          <Act at={at} person={person} act={person.admin ? "unmake-admin" : "make-admin"} />
          <Act at={at} person={person} act={person.disabledAt ? "enable" : "disable"} />
          <Act at={at} person={person} act="invite" />
          <a
            href={`/admin/people/${person.id}/privacy`}
            class="btn btn-sm"
            aria-label={at.t("privacy.open-of", { name: person.name })}
          >
            {at.t("privacy.open")}
          </a>
        </div>
      )}
    </li>
  );
}

type ActName = "make-admin" | "unmake-admin" | "enable" | "disable" | "invite";

function Act({ at, person, act }: { at: PageContext; person: Person; act: ActName }) {
  return (
    <form method="post" action={`/admin/people/${person.id}/${act}`}>
      <button
        type="submit"
        class="btn btn-sm"
        aria-label={at.t(`admin.people.${act}-of`, { name: person.name })}
      >
        {at.t(`admin.people.${act}`)}
      </button>
    </form>
  );
}

function Next({ at, view }: Props) {
  const last = view.people.at(-1);
  if (!last || view.people.length < PEOPLE_PAGE) return null;
  const params = new URLSearchParams({ q: view.search, after: last.email });
  return (
    <a class="btn btn-sm mt-4" href={`/admin/people?${params}`}>
      {at.t("table.next")}
    </a>
  );
}
