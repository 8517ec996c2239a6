import type { UserError } from "../../platform/errors.ts";
import { fail } from "../../privacy/errors.ts";
import type { RemovalPreview } from "../../privacy/removal.ts";
import { Page } from "../components/page.tsx";
import { Alert, Card, Field } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import { Lines } from "./lines.tsx";

interface Props {
  at: PageContext;
  view: RemovalPreview;
  error: UserError | null;
}

export function PersonDataPage({ at, view, error }: Props) {
  const { person } = view;
  return (
    <Page
      at={at}
      title={at.t("privacy.person", { name: person.name })}
      lead={person.email}
      trail={[
        [at.t("nav.courses"), "/"],
        [at.t("nav.admin"), "/admin"],
        [at.t("admin.people"), "/admin/people"],
      ]}
    >
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Removal at={at} view={view} error={error} />
        <Card title={at.t("privacy.export.title")} id="export">
          <p class="mb-4">{at.t("privacy.export.help")}</p>
          <a class="btn btn-sm" href={`/admin/people/${person.id}/export`} download>
            {at.t("privacy.export")}
          </a>
        </Card>
      </div>
    </Page>
  );
}

function Removal({ at, view, error }: Props) {
  const { person, work, shared, ties } = view;
  const against = view.hindrance && fail(view.hindrance, { unfinished: ties.unfinished, open: ties.open });
  return (
    <Card title={at.t("privacy.delete")} id="delete">
      {(error ?? against) && (
        <div class="mb-4">
          <Alert kind={error ? "error" : "warning"}>{(error ?? against)!.sentence(at.lang)}</Alert>
        </div>
      )}
      <p class="mb-4">{at.t("privacy.delete.help")}</p>
      <h3 class="mb-2 font-semibold">{at.t("privacy.preview")}</h3>
      <Lines at={at} lines={view.lines} />
      <p class="my-4">{at.t("privacy.delete.files", { work, shared })}</p>
      {!against && (
        <form method="post" action={`/admin/people/${person.id}/removal`} class="max-w-md">
          <Field label={at.t("privacy.delete.reason")} name="reason" />
          <Field label={at.t("privacy.delete.email", { email: person.email })} name="email" type="email" />
          <button type="submit" class="btn btn-error btn-outline">
            {at.t("privacy.delete.do")}
          </button>
        </form>
      )}
    </Card>
  );
}
