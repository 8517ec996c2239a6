import { SHIFT_LIMIT_DAYS } from "../../assignments/copy-plan.ts";
import { Page } from "../components/page.tsx";
import { Card } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { FieldName } from "./form.ts";
import { PreviewCard } from "./preview.tsx";
import type { Props } from "./view.ts";

export function CopyPage({ at, view }: Props) {
  return (
    <Page
      at={at}
      title={at.t("copy.title")}
      lead={at.t("copy.lead")}
      trail={courseTrail(at, view.access.course)}
    >
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <FormCard at={at} view={view} />
        {view.preview && <PreviewCard at={at} view={view} preview={view.preview} />}
      </div>
    </Page>
  );
}

/** Only looks: what it leads to has the button that makes the course. */
function FormCard({ at, view }: Props) {
  const { t } = at;
  return (
    <Card title={t("copy.form")} id="form">
      <form method="get" action={`/courses/${view.access.course.slug}/copy`} class="grid gap-4">
        <Text
          {...{ at, view }}
          name="slug"
          label={t("settings.slug")}
          help={t("settings.slug.help")}
          problem={t(view.preview?.taken ? "copy.slug.taken" : "copy.slug.wrong")}
        />
        <Text
          {...{ at, view }}
          name="titleEn"
          label={t("settings.title-en")}
          problem={t("copy.title.wrong")}
        />
        <Text
          {...{ at, view }}
          name="titleZh"
          label={t("settings.title-zh")}
          problem={t("copy.title.wrong")}
        />
        <Text
          {...{ at, view }}
          name="shift"
          type="number"
          label={t("copy.shift")}
          help={t("copy.shift.help")}
          problem={t("copy.shift.wrong", { limit: SHIFT_LIMIT_DAYS })}
        />
        <Text
          {...{ at, view }}
          name="instructor"
          label={t("copy.instructor")}
          help={t("copy.instructor.help")}
          problem={t("copy.instructor.wrong")}
        />
        <button type="submit" class="btn justify-self-start">
          {t("copy.look")}
        </button>
      </form>
    </Card>
  );
}

interface TextProps extends Props {
  name: FieldName;
  label: string;
  type?: string;
  help?: string;
  problem: string;
}

function Text({ view, name, label, type, help, problem }: TextProps) {
  const id = `copy-${name}`;
  const wrong = view.wrong.includes(name) || (name === "slug" && view.preview?.taken === true);
  return (
    <div>
      <label for={id} class="mb-1 block text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        name={name}
        type={type ?? "text"}
        value={view.typed[name]}
        required={name !== "instructor"}
        autocomplete="off"
        aria-invalid={wrong ? "true" : undefined}
        aria-describedby={
          [wrong && `${id}-wrong`, help && `${id}-help`].filter(Boolean).join(" ") || undefined
        }
        class="input w-full"
      />
      {wrong && (
        <p id={`${id}-wrong`} role="alert" class="mt-1 text-sm font-medium text-error">
          {problem}
        </p>
      )}
      {help && (
        <p id={`${id}-help`} class="muted mt-1 text-sm">
          {help}
        </p>
      )}
    </div>
  );
}
