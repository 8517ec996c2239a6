import { allows } from "../../courses/access.ts";
import { exportForms } from "../../gradebook/export.ts";
import { DownloadIcon } from "../components/icons.tsx";
import { addressOf, type Props, queryText } from "./props.ts";

/** Goes by the filter that is shown, over all of its pages. */
export function ExportMenu({ at, access, query }: Props) {
  const { q, section, sort, order } = query;
  const filter = queryText({ q, section, sort, order });
  const address = `/api/v1/courses/${access.course.slug}/gradebook/export`;
  return (
    <details class="dropdown dropdown-end" data-menu>
      <summary class="btn btn-sm">
        <DownloadIcon />
        {at.t("gradebook.export")}
      </summary>
      <div class="menu-box w-80 max-w-[85vw]">
        {exportForms.map((form) => (
          <a href={`${address}/${form}?${filter}`} class="menu-item" download>
            {at.t(`gradebook.export.${form}`)}
          </a>
        ))}
        <p class="muted px-3 py-2 text-sm">{at.t("gradebook.export.help")}</p>
      </div>
    </details>
  );
}

export function Weights({ at, access, gradebook }: Props) {
  if (!allows(access.standing, "assignment.edit") || gradebook.columns.length === 0) return null;
  return (
    <details class="dropdown sm:dropdown-end" data-menu>
      <summary class="btn">{at.t("gradebook.weights")}</summary>
      <form
        method="post"
        action={`${addressOf(access)}/weights`}
        class="menu-box w-96 max-w-[85vw] p-4 max-sm:right-auto max-sm:left-0"
      >
        <p class="muted mb-3 text-sm">{at.t("gradebook.weights.help")}</p>
        <div class="grid max-h-[50vh] gap-2 overflow-y-auto">
          {gradebook.columns.map(({ assignment, weight }) => (
            <label class="grid grid-cols-[1fr_5rem] items-center gap-3 text-sm">
              {assignment.title[at.lang]}
              <input
                name={`weight-${assignment.slug}`}
                inputmode="numeric"
                autocomplete="off"
                value={weight === null ? "" : String(weight)}
                class="input input-sm w-full text-right tabular-nums"
              />
            </label>
          ))}
        </div>
        <button type="submit" class="btn btn-primary btn-sm mt-3">
          {at.t("gradebook.weights.save")}
        </button>
      </form>
    </details>
  );
}
