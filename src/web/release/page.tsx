import type { AssignmentAccess } from "../../assignments/assignments.ts";
import type { Held } from "../../assignments/release.ts";
import { allows } from "../../courses/access.ts";
import type { ReleaseCounts } from "../../gradebook/release-counts.ts";
import type { ScoreCounts } from "../../lms/scores.ts";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Card, Empty, Field, Tag } from "../components/parts.tsx";
import { assignmentTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";

interface Props {
  at: PageContext;
  access: AssignmentAccess;
  held: Held[];
  counts: ReleaseCounts;
  lms: ScoreCounts[];
}

const addressOf = ({ access: { course, assignment } }: Props) =>
  `/assignments/${course.slug}.${assignment.slug}`;

export function ReleasePage(props: Props) {
  const { at, access } = props;
  const { course, assignment } = access;
  return (
    <Page
      at={at}
      title={at.t("release.title")}
      lead={assignment.title[at.lang]}
      trail={assignmentTrail(at, { course, assignment })}
    >
      <div class="grid items-start gap-4 md:grid-cols-2">
        <State {...props} />
        <HeldBack {...props} />
        <Platforms {...props} />
      </div>
    </Page>
  );
}

function State(props: Props) {
  const { at, access, counts, held } = props;
  const { resultsPublishedAt: published } = access.assignment;
  const leads = allows(access.standing, "assignment.edit");
  const address = `${addressOf(props)}/release`;
  return (
    <Card
      title={at.t("release.state")}
      id="state"
      actions={published && <Tag strong>{at.t("release.published")}</Tag>}
    >
      {published && (
        <p class="mb-2">
          <Moment at={published} zone={access.course.timeZone} lang={at.lang} />
        </p>
      )}
      <p>{at.t(published ? "release.is-published" : "release.not-published")}</p>
      <p class="muted mt-2 text-sm">
        {at.t("release.counts", {
          graded: counts.graded,
          students: counts.students,
          left: counts.left,
          held: held.length,
        })}
      </p>
      {leads && !published && (
        <form method="post" action={address} class="mt-4">
          <button type="submit" class="btn btn-primary">
            {at.t("release.publish", { count: Math.max(0, counts.students - held.length) })}
          </button>
        </form>
      )}
      {leads && published && (
        <form method="post" action={`${address}/withdraw`} class="mt-4">
          <button type="submit" class="btn btn-sm">
            {at.t("release.withdraw")}
          </button>
          <p class="muted mt-1 text-sm">{at.t("release.withdraw.help")}</p>
        </form>
      )}
    </Card>
  );
}

/** What has reached learning platforms; nothing where no link of theirs leads here. */
function Platforms(props: Props) {
  const { at, lms, access } = props;
  if (lms.length === 0) return null;
  const failed = lms.some((one) => one.failed > 0);
  return (
    <Card title={at.t("lms.title")} id="lms">
      <p class="muted mb-3 text-sm">{at.t("lms.help")}</p>
      <ul class="grid gap-2">
        {lms.map((one) => (
          <li>
            <p class="wrap-anywhere">{at.t("lms.counts", { ...one, fault: "" })}</p>
            {one.fault && <p class="muted text-sm wrap-anywhere">{one.fault}</p>}
          </li>
        ))}
      </ul>
      {failed && allows(access.standing, "assignment.edit") && (
        <form method="post" action={`${addressOf(props)}/release/lms`} class="mt-4">
          <button type="submit" class="btn btn-sm">
            {at.t("lms.retry")}
          </button>
        </form>
      )}
    </Card>
  );
}

function HeldBack(props: Props) {
  const { at, access, held } = props;
  const leads = allows(access.standing, "assignment.edit");
  const address = `${addressOf(props)}/release/held`;
  return (
    <Card title={at.t("release.held")} id="held">
      <p class="muted mb-3 text-sm">{at.t("release.held.help")}</p>
      {held.length === 0 && <Empty title={at.t("release.held.empty")} />}
      <ul class="grid gap-3">
        {held.map((one) => (
          <li class="border-l-4 border-warning pl-3">
            <p class="font-medium wrap-anywhere">
              {one.name} <span class="muted font-normal">{one.email}</span>
            </p>
            <p class="whitespace-pre-line wrap-anywhere">{one.reason}</p>
            <p class="muted text-sm">
              {at.t("release.by", { name: one.by })} ·{" "}
              <Moment at={one.heldAt} zone={access.course.timeZone} lang={at.lang} />
            </p>
            {leads && (
              <form method="post" action={`${address}/${one.personId}/delete`} class="mt-1">
                <button type="submit" class="btn btn-sm">
                  {at.t("release.let-go", { name: one.name })}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      {leads && (
        <form method="post" action={address} class="mt-4 border-t border-base-300 pt-4">
          <Field label={at.t("release.hold.email")} name="email" type="email" />
          <Field label={at.t("release.hold.reason")} name="reason" />
          <button type="submit" class="btn btn-sm">
            {at.t("release.hold")}
          </button>
        </form>
      )}
    </Card>
  );
}
