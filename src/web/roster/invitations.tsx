import type { CourseAccess } from "../../courses/access.ts";
import { Page } from "../components/page.tsx";
import { Alert, Card } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";

interface Props {
  at: PageContext;
  access: CourseAccess;
  invitations: { email: string; url: string }[];
}

/** Shown to administrators once, after an import that made people. */
export function InvitationsPage({ at, access, invitations }: Props) {
  const { course } = access;
  const base = `/courses/${course.slug}`;
  return (
    <Page
      at={at}
      title={at.t("roster.invitations")}
      trail={[...courseTrail(at, course), [at.t("roster.title"), `${base}/roster`]]}
    >
      <div class="grid gap-4">
        <Alert kind="success" title={at.t("roster.imported")}>
          {at.t("roster.invitations.help")}
        </Alert>
        <Card>
          <dl class="grid gap-3 text-sm">
            {invitations.map(({ email, url }) => (
              <div>
                <dt class="font-medium wrap-anywhere">{email}</dt>
                <dd>
                  <code class="break-all">{url}</code>
                </dd>
              </div>
            ))}
          </dl>
        </Card>
      </div>
    </Page>
  );
}
