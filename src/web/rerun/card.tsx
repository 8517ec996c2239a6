import { Moment } from "../components/moment.tsx";
import { Card, Tag } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import type { SubmissionView } from "../submission/load.ts";

/** On a submission's page, for staff: grade it again, and what has come of it before. */
export function RerunCard({ at, view }: { at: PageContext; view: SubmissionView }) {
  const { reruns, access } = view;
  if (!reruns || (!reruns.mayBegin && reruns.all.length === 0)) return null;
  return (
    <Card title={at.t("rerun.title")} id="rerun-one">
      {reruns.all.length > 0 && (
        <ul class="mb-3 grid gap-2 text-sm">
          {reruns.all.map(({ id, reason, state, createdAt }) => (
            <li class="flex flex-wrap items-baseline gap-x-2">
              <a href={`/reruns/${id}`} class="link wrap-anywhere">
                {reason}
              </a>
              <Tag strong={state === "open"}>{at.t(`rerun.state.${state}`)}</Tag>
              <span class="muted w-full">
                <Moment at={createdAt} zone={access.course.timeZone} lang={at.lang} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {reruns.open && <p class="muted text-sm">{at.t("rerun.one.open")}</p>}
      {reruns.mayBegin && (
        <form method="post" action={`/submissions/${access.submission.id}/rerun`} class="grid gap-2">
          <label for="rerun-reason" class="text-sm font-medium">
            {at.t("rerun.reason")}
          </label>
          <input
            id="rerun-reason"
            name="reason"
            required
            maxlength={1000}
            aria-describedby="rerun-one-help"
            class="input input-sm w-full"
          />
          <p id="rerun-one-help" class="muted text-sm">
            {at.t("rerun.one.help")}
          </p>
          <button type="submit" class="btn btn-sm justify-self-start">
            {at.t("rerun.one")}
          </button>
        </form>
      )}
    </Card>
  );
}
