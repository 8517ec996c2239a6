import { writeZoned } from "../../assignments/zoned.ts";
import type { CourseAccess } from "../../courses/access.ts";
import type { UserError } from "../../platform/errors.ts";
import { RETENTION_NOTICE_DAYS } from "../../privacy/errors.ts";
import type { RetentionView } from "../../privacy/retention.ts";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Field } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { Lines } from "./lines.tsx";

interface Props {
  at: PageContext;
  access: CourseAccess;
  view: RetentionView;
  now: Date;
  error: UserError | null;
}

export function RetentionPage(props: Props) {
  const { at, access, view, error } = props;
  const { course } = access;
  return (
    <Page
      at={at}
      title={at.t("retention.title")}
      lead={at.t("retention.lead")}
      trail={courseTrail(at, course)}
    >
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Card title={at.t("privacy.preview")} id="preview">
          <Lines at={at} lines={view.lines} />
          <p class="mt-4">{at.t("retention.files", { work: view.work })}</p>
        </Card>
        <div class="grid gap-4">
          {error && <Alert kind="error">{error.sentence(at.lang)}</Alert>}
          <State {...props} />
          <DateForm {...props} />
        </div>
      </div>
    </Page>
  );
}

function State({ at, access, view, now }: Props) {
  const { state, retainUntil, clearedAt, unfinished, open } = view;
  const moment = { ahead: retainUntil, done: clearedAt }[state as string];
  return (
    <Card title={at.t("retention.state")} id="state">
      <p>
        {at.t(`retention.${state}`, { unfinished, open })}{" "}
        {moment && <Moment at={moment} zone={access.course.timeZone} lang={at.lang} now={now} />}
      </p>
    </Card>
  );
}

function DateForm({ at, access, view, now }: Props) {
  const { course } = access;
  const address = `/courses/${course.slug}/retention`;
  const soonest = new Date(now.getTime() + (RETENTION_NOTICE_DAYS + 1) * 86_400_000);
  return (
    <Card title={at.t("retention.set")} id="set">
      <form method="post" action={address}>
        <div class="mb-4">
          <label for="retain-until" class="mb-1 block text-sm font-medium">
            {at.t("retention.until", { zone: course.timeZone })}
          </label>
          <input
            id="retain-until"
            type="datetime-local"
            name="until"
            value={writeZoned(view.retainUntil ?? soonest, course.timeZone)}
            aria-describedby="retain-until-help"
            class="input w-full"
          />
          <p id="retain-until-help" class="muted mt-1 text-sm">
            {at.t("retention.until.help", { days: RETENTION_NOTICE_DAYS })}
          </p>
        </div>
        <Field label={at.t("retention.reason")} name="reason" />
        <div class="flex flex-wrap gap-2">
          <button type="submit" class="btn btn-primary">
            {at.t("retention.save")}
          </button>
          {view.retainUntil && (
            <button type="submit" name="clear" value="1" class="btn">
              {at.t("retention.clear")}
            </button>
          )}
        </div>
      </form>
    </Card>
  );
}
