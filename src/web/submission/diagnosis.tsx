import type { Diagnosis } from "../../judge/diagnosis-words.ts";
import type { PageContext } from "../context.ts";

/** The known mistake behind a failed test: what it is called, a hint, and for staff what speaks for it. */
export function NamedMistake({
  at,
  diagnosis,
  staff,
}: {
  at: PageContext;
  diagnosis: Diagnosis;
  staff: boolean;
}) {
  const { title, hint, evidence, others, mutant } = diagnosis;
  return (
    <aside
      class="mt-3 rounded-box border-l-4 border-info bg-base-200 px-4 py-3"
      aria-label={at.t("diagnosis.title")}
    >
      <p class="muted text-sm">{at.t("diagnosis.title")}</p>
      <p class="font-semibold">{title[at.lang]}</p>
      <p>{hint[at.lang]}</p>
      <p class="muted mt-2 text-sm">
        {at.t("diagnosis.evidence", {
          calls: evidence.calls,
          differing: evidence.differing,
          function: evidence.function,
        })}
      </p>
      {staff && (
        <p class="muted text-sm">
          {[
            mutant,
            ...(others.length > 0 ? [at.t("diagnosis.others", { names: others.join(", ") })] : []),
          ].join(" · ")}
        </p>
      )}
    </aside>
  );
}
