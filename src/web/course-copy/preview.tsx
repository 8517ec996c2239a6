import { type MovedDate, movedDates } from "../../assignments/copy-plan.ts";
import type { CopyPreview } from "../../assignments/copy-preview.ts";
import { Moment } from "../components/moment.tsx";
import { Alert, Card, Empty } from "../components/parts.tsx";
import { days, listed } from "../format.ts";
import type { MessageKey } from "../messages/translate.ts";
import { fieldNames } from "./form.ts";
import type { Props } from "./view.ts";

type Inner = Props & { preview: CopyPreview };
const LINES_SHOWN = 200;
const DAYS_A_WEEK = 7;
const dateNames: Record<MovedDate, MessageKey> = {
  opensAt: "copy.opens",
  earlyAt: "copy.early",
  dueAt: "assignment.due",
};

/** What would be made, and the button that makes just that. */
export function PreviewCard(props: Inner) {
  const { at, view, preview } = props;
  const { t } = at;
  const moved = days(view.shiftDays!, at.lang);
  const zone = view.access.course.timeZone;
  const past = preview.assignments.filter(
    ({ moved: { dueAt } }) => dueAt !== null && dueAt < view.now,
  ).length;
  return (
    <Card title={t("copy.preview")} id="preview">
      <p role="status" class="mb-3">
        {t("copy.sum", { count: preview.assignments.length, days: moved, zone })}
      </p>
      <div class="mb-3 grid gap-3 empty:hidden">
        {view.shiftDays! % DAYS_A_WEEK !== 0 && (
          <Alert kind="warning">{t("copy.weekdays", { days: moved })}</Alert>
        )}
        {past > 0 && <Alert kind="warning">{t("copy.past", { count: past })}</Alert>}
      </div>
      {preview.assignments.length === 0 ? (
        <Empty title={t("copy.none")}>{t("copy.none-help")}</Empty>
      ) : (
        <Dates {...props} />
      )}
      <div class="mt-4 grid gap-4 text-sm sm:grid-cols-2">
        <Along {...props} />
        <Behind {...props} />
      </div>
      <Make {...props} />
    </Card>
  );
}

function Dates({ at, view, preview }: Inner) {
  const { t } = at;
  const zone = view.access.course.timeZone;
  return (
    <>
      <section class="overflow-x-auto" tabindex={0} aria-label={t("copy.preview")}>
        <table class="table table-fixed table-sm">
          <thead class="text-base-content">
            <tr>
              <th scope="col" class="max-sm:px-1">
                {t("copy.assignment")}
              </th>
              <th scope="col" class="w-[34%] max-sm:px-1 sm:w-[38%]">
                {t("copy.now")}
              </th>
              <th scope="col" class="w-[34%] max-sm:px-1 sm:w-[38%]">
                {t("copy.moved")}
              </th>
            </tr>
          </thead>
          <tbody>
            {preview.assignments.slice(0, LINES_SHOWN).map(({ now, moved }) => {
              const dated = movedDates.filter((name) => now[name] !== null);
              const cell = (dates: typeof moved) =>
                dated.map((name) => (
                  <p class="mb-1 last:mb-0">
                    <span class="muted">{t(dateNames[name])}</span>{" "}
                    <Moment at={dates[name]!} zone={zone} lang={at.lang} />
                  </p>
                ));
              return (
                <tr>
                  <th scope="row" class="align-top font-normal wrap-anywhere max-sm:px-1">
                    {now.title[at.lang]}
                  </th>
                  {dated.length === 0 ? (
                    <td colspan={2} class="muted">
                      {t("assignment.no-due")}
                    </td>
                  ) : (
                    <>
                      <td class="align-top max-sm:px-1">{cell(now)}</td>
                      <td class="align-top max-sm:px-1">{cell(moved)}</td>
                    </>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {preview.assignments.length > LINES_SHOWN && (
        <p class="muted mt-2 text-sm">
          {t("worth.more", { count: preview.assignments.length - LINES_SHOWN })}
        </p>
      )}
    </>
  );
}

function Along({ at, preview }: Inner) {
  const { t, lang } = at;
  const { versions, groupSets, budgets } = preview;
  const named = budgets.map((budget) => `${budget.kind} ${days(budget.days, lang)}`);
  return (
    <section aria-labelledby="along">
      <h3 id="along" class="mb-1 font-semibold">
        {t("copy.along")}
      </h3>
      <ul class="list-disc space-y-1 pl-5 wrap-anywhere">
        <li>{t("copy.along.settings")}</li>
        <li>{t("copy.along.versions", { count: versions })}</li>
        {groupSets.length > 0 && (
          <li>
            {t("copy.along.sets", {
              names: listed(
                groupSets.map((title) => title[lang]),
                lang,
              ),
            })}
          </li>
        )}
        {named.length > 0 && <li>{t("copy.along.budgets", { names: listed(named, lang) })}</li>}
      </ul>
    </section>
  );
}

function Behind({ at, preview }: Inner) {
  return (
    <section aria-labelledby="stays">
      <h3 id="stays" class="mb-1 font-semibold">
        {at.t("copy.stays")}
      </h3>
      <ul class="list-disc space-y-1 pl-5">
        <li>{at.t("copy.stays.people", { count: preview.people })}</li>
        <li>{at.t("copy.stays.work")}</li>
        <li>{at.t("copy.stays.changes")}</li>
        <li>{at.t("copy.stays.links")}</li>
      </ul>
    </section>
  );
}

/** Sends what was looked at, not what stands in the form meanwhile. */
function Make({ at, view, preview }: Inner) {
  if (view.first || preview.taken || view.wrong.length > 0) {
    return <p class="muted mt-4 text-sm">{at.t("copy.not-yet")}</p>;
  }
  return (
    <form method="post" action={`/courses/${view.access.course.slug}/copy`} class="mt-4">
      {fieldNames.map((name) => (
        <input type="hidden" name={name} value={view.typed[name]} />
      ))}
      <button type="submit" class="btn btn-primary">
        {at.t("copy.do", { slug: view.typed.slug })}
      </button>
    </form>
  );
}
