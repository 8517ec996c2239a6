import type { AssignmentAccess } from "../../assignments/assignments.ts";
import { STUCK_AFTER } from "../../insight/all-results.ts";
import { Card } from "../components/parts.tsx";
import type { PartProps } from "./props.ts";

/** Who has not begun, who is stuck, and a letter to all of them at once. */
export function NeedyCards({ at, access, insight: { needy } }: PartProps & { access: AssignmentAccess }) {
  if (needy === null) return <p class="muted text-sm">{at.t("insight.blind")}</p>;
  const { notStarted, stuck } = needy;
  const subject = `${access.course.title[at.lang]}: ${access.assignment.title[at.lang]}`;
  return (
    <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
      <Card
        title={at.t("insight.not-started", { count: notStarted.all })}
        id="not-started"
        actions={<Write at={at} subject={subject} emails={notStarted.shown.map(({ email }) => email)} />}
      >
        {notStarted.all === 0 && <p class="muted text-sm">{at.t("insight.not-started.none")}</p>}
        <ul class="grid max-h-80 gap-1 overflow-y-auto text-sm">
          {notStarted.shown.map(({ name, email }) => (
            <li>
              <Person name={name} email={email} subject={subject} />
            </li>
          ))}
        </ul>
        <More at={at} all={notStarted.all} shown={notStarted.shown.length} />
      </Card>
      <Card
        title={at.t("insight.stuck", { count: stuck.all })}
        id="stuck"
        actions={<Write at={at} subject={subject} emails={stuck.shown.map(({ email }) => email)} />}
      >
        <p class="muted mb-2 text-sm">{at.t("insight.stuck.help", { count: STUCK_AFTER })}</p>
        <ul class="grid max-h-80 gap-2 overflow-y-auto text-sm">
          {stuck.shown.map(({ name, email, title, failures }) => (
            <li>
              <Person name={name} email={email} subject={subject} />
              <span class="muted block wrap-anywhere">
                {at.t("insight.stuck.test", { count: failures, title: title[at.lang] })}
              </span>
            </li>
          ))}
        </ul>
        <More at={at} all={stuck.all} shown={stuck.shown.length} />
      </Card>
    </div>
  );
}

function Person({ name, email, subject }: { name: string; email: string; subject: string }) {
  return (
    <a
      href={`mailto:${encodeURIComponent(email)}?subject=${encodeURIComponent(subject)}`}
      class="link wrap-anywhere"
    >
      {name}
    </a>
  );
}

/** Blind copies: nobody learns who else is behind. */
function Write({ at, subject, emails }: { at: PartProps["at"]; subject: string; emails: string[] }) {
  if (emails.length === 0) return null;
  const to = emails.map(encodeURIComponent).join(",");
  return (
    <a href={`mailto:?bcc=${to}&subject=${encodeURIComponent(subject)}`} class="btn btn-sm">
      {at.t("insight.write", { count: emails.length })}
    </a>
  );
}

function More({ at, all, shown }: { at: PartProps["at"]; all: number; shown: number }) {
  return all > shown ? <p class="muted mt-2 text-sm">{at.t("worth.more", { count: all - shown })}</p> : null;
}
