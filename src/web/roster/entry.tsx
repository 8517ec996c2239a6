import type { CourseAccess } from "../../courses/access.ts";
import type { RosterRow } from "../../courses/courses.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Field } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { RoleField } from "./list.tsx";

interface Props {
  at: PageContext;
  access: CourseAccess;
  row: RosterRow;
  error: string | null;
}

export function EntryPage({ at, access, row, error }: Props) {
  const { course } = access;
  const base = `/courses/${course.slug}`;
  const address = `${base}/roster/${row.personId}`;
  return (
    <Page
      at={at}
      title={row.name}
      lead={row.email}
      trail={[...courseTrail(at, course), [at.t("roster.title"), `${base}/roster`]]}
    >
      <CourseNav at={at} access={access} here="roster" />
      {error && (
        <div class="mb-4">
          <Alert kind="error" title={at.t("roster.wrong")}>
            {error}
          </Alert>
        </div>
      )}
      <div class="grid items-start gap-4 sm:grid-cols-2">
        <Card>
          <form method="post" action={address}>
            <RoleField at={at} value={row.role} />
            <Field
              label={at.t("roster.number")}
              name="student_number"
              value={row.studentNumber ?? ""}
              required={false}
            />
            <Field label={at.t("roster.section")} name="section" value={row.section ?? ""} required={false} />
            <button type="submit" class="btn btn-primary">
              {at.t("roster.save")}
            </button>
          </form>
        </Card>
        <Card title={at.t("roster.remove")} id="remove">
          <p class="mb-3 text-sm">{at.t("roster.remove.help")}</p>
          <details>
            <summary class="btn">{at.t("roster.remove")}</summary>
            <form method="post" action={`${address}/remove`} class="mt-3">
              <button type="submit" class="btn border-error text-error">
                {at.t("roster.remove.confirm", { name: row.name })}
              </button>
            </form>
          </details>
        </Card>
      </div>
    </Page>
  );
}
