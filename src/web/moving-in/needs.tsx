// What a download does not say by itself: who somebody is, and when they handed in.
import { writeZoned } from "../../assignments/zoned.ts";
import { Card } from "../components/parts.tsx";
import type { Props } from "./view.ts";

/** More names than a person goes through at once; the rest comes when these are chosen. */
const NAMES_SHOWN = 100;

export function NamesCard({ at, view }: Props) {
  const { access, looked } = view;
  const { course, row } = access;
  const { take, not } = looked.plan;
  const names = not.flatMap(({ unmatched }) => unmatched).slice(0, NAMES_SHOWN);
  const timeless = take.some(({ assumed }) => assumed) || not.some(({ code }) => code === "untimed");
  if (names.length === 0 && !timeless) return null;
  return (
    <Card title={at.t("moving.needs")} id="needs">
      <form method="post" action={`/imports/${row.id}/choices`}>
        {names.length > 0 && <p class="mb-3 text-sm">{at.t("moving.needs.help")}</p>}
        <datalist id="everybody">
          {looked.roster.map(({ name, email }) => (
            <option value={`${name} <${email}>`} />
          ))}
        </datalist>
        {names.map(({ key, who }, place) => (
          <div class="mb-3">
            <input type="hidden" name="key" value={key} />
            <label for={`person-${place}`} class="mb-1 block text-sm font-medium wrap-anywhere">
              {at.t("moving.needs.person", { who })}
            </label>
            <input
              id={`person-${place}`}
              name="person"
              list="everybody"
              autocomplete="off"
              class="input w-full"
            />
          </div>
        ))}
        <div class="mb-3">
          <label for="moment" class="mb-1 block text-sm font-medium">
            {at.t("moving.needs.moment", { zone: course.timeZone })}
          </label>
          <input
            id="moment"
            type="datetime-local"
            name="moment"
            value={row.receivedAt ? writeZoned(row.receivedAt, course.timeZone) : ""}
            class="input w-full"
          />
        </div>
        <button type="submit" class="btn">
          {at.t("moving.needs.save")}
        </button>
      </form>
    </Card>
  );
}

export function PeopleCard({ at, view }: Props) {
  const { row } = view.access;
  if (view.looked.download.system === "gradescope") return null;
  return (
    <Card title={at.t("moving.people")} id="people">
      <form method="post" action={`/imports/${row.id}/people`} enctype="multipart/form-data">
        <p class="mb-3 text-sm">{at.t("moving.people.help")}</p>
        {row.sheets.length > 0 && (
          <p class="mb-3 text-sm wrap-anywhere">
            {at.t("moving.people.given", { names: row.sheets.join(", ") })}
          </p>
        )}
        <label for="people-file" class="mb-1 block text-sm font-medium">
          {at.t("moving.people.choose")}
        </label>
        <input
          id="people-file"
          type="file"
          name="file"
          accept=".csv,.txt,.json,text/csv,application/json"
          required
          class="file-input w-full"
        />
        <button type="submit" class="btn mt-3">
          {at.t("moving.people.do")}
        </button>
      </form>
    </Card>
  );
}
