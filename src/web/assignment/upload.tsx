import type { UserError } from "../../platform/errors.ts";
import { CLAIM_WINDOW_SECONDS } from "../../submissions/arrival.ts";
import type { LateQuote } from "../../submissions/late-days.ts";
import { lateWords } from "../../submissions/late-words.ts";
import { KEPT_HOURS, RESUMABLE_FROM_BYTES } from "../../submissions/upload-sizes.ts";
import { Alert, Card } from "../components/parts.tsx";
import { DropZone, UploadProgress } from "../components/upload-card.tsx";
import type { PageContext } from "../context.ts";
import { relative } from "../format.ts";
import type { AssignmentView } from "./load.ts";

/** Handing in: a form that works by itself; client/upload.ts adds dropping, progress and errors in place. */
export function UploadCard({
  at,
  view,
  error,
}: {
  at: PageContext;
  view: AssignmentView;
  error: UserError | null;
}) {
  const refusal = refusalWords(at, view);
  const { course, assignment } = view.access;
  const ref = `${course.slug}.${assignment.slug}`;
  const late = view.late?.costs && !view.staff ? view.late : null;
  return (
    <Card title={at.t("upload.title")} id="submit">
      <div class="empty:hidden mb-3" data-upload-problem>
        {error && (
          <Alert kind="error" title={at.t("upload.failed")}>
            {`${error.sentence(at.lang)}\n${at.t("upload.nothing-used")}`}
          </Alert>
        )}
      </div>
      {refusal ? (
        <p>{refusal}</p>
      ) : (
        <form
          method="post"
          action={`/assignments/${ref}/submissions${late ? `?acceptLate=${late.days}` : ""}`}
          enctype="multipart/form-data"
          data-upload={`/api/v1/assignments/${ref}/submissions?lang=${at.lang}`}
          data-claim={`/api/v1/assignments/${ref}/claims?lang=${at.lang}`}
          data-parts={`/api/v1/assignments/${ref}/uploads?lang=${at.lang}`}
          data-parts-from={RESUMABLE_FROM_BYTES}
          data-preparing={at.t("deadline.preparing", { name: "{name}" })}
          data-waiting={at.t("deadline.waiting")}
          data-parts-broken={at.t("deadline.parts-broken", { hours: KEPT_HOURS })}
          data-failed={at.t("upload.failed")}
          data-nothing-used={at.t("upload.nothing-used")}
          data-broken={at.t("upload.broken")}
          data-sending={at.t("upload.sending", { name: "{name}" })}
          data-checking={at.t("upload.checking")}
        >
          <LateWarning at={at} late={late} />
          {view.feedback !== "full" && !view.staff && (
            <div class="mb-3">
              <Alert kind="info">{at.t(`quota.next.${view.feedback}`)}</Alert>
            </div>
          )}
          <DropZone
            at={at}
            fileId="upload-file"
            choose={at.t("upload.choose")}
            more={<p class="scripted muted text-sm">{at.t("upload.or")}</p>}
          />
          <button type="submit" class="btn btn-primary mt-3 w-full">
            {at.t("upload.submit")}
          </button>
          <p class="scripted muted mt-2 text-sm">
            {at.t("deadline.claimed", { minutes: CLAIM_WINDOW_SECONDS / 60 })}
          </p>
          <noscript>
            <p class="muted mt-2 text-sm">{at.t("deadline.unclaimed")}</p>
          </noscript>
          <UploadProgress title={at.t("upload.title")} />
        </form>
      )}
    </Card>
  );
}

/** Why nothing can be handed in now; null where it can. */
function refusalWords(
  at: PageContext,
  { acceptance, staff, access, now, suite }: AssignmentView,
): string | null {
  const { opensAt } = access.assignment;
  if (staff && suite) return null;
  if (acceptance === "not_open_yet" && opensAt)
    return at.t("upload.not-open", { when: relative(opensAt, now, at.lang) });
  if (acceptance === "past_due") return at.t("upload.past-due");
  return acceptance === "closed" || !suite ? at.t("upload.closed") : null;
}

/**
 * What lateness costs, said and agreed to before it is spent. Hidden while it would be on time: a script shows it
 * when the server says that it no longer is.
 */
function LateWarning({ at, late }: { at: PageContext; late: LateQuote | null }) {
  return (
    <div class="mb-3" data-late={late?.days ?? 0} hidden={late === null}>
      <Alert kind="warning">
        <span data-late-words>{late && lateWords(late, at.lang)}</span>
      </Alert>
      <label class="mt-2 flex items-center gap-2">
        <input
          type="checkbox"
          name="late"
          value="yes"
          required={late !== null}
          class="checkbox checkbox-sm"
        />
        {at.t("upload.late.confirm")}
      </label>
    </div>
  );
}
