import type { MutantDraft, MutantWish } from "../../insight/save-mutant.ts";
import type { Words } from "../../judge/words.ts";
import type { UserError } from "../../platform/errors.ts";
import type { SubmissionAccess } from "../../submissions/submissions.ts";
import { CodeLines } from "../components/code-lines.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card } from "../components/parts.tsx";
import { submissionsTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { type GroupProps, groupAddress } from "./group-view.ts";

interface Props {
  access: SubmissionAccess;
  /** Null: it cannot be taken over, and the error says why. */
  draft: MutantDraft | null;
  tests: { name: string; title: Words }[];
  wish: MutantWish | null;
  error: UserError | null;
}

/** A wrong solution as it would stand in the suite's next version: read first, then named and saved. */
export function MutantPage({ at, view, props }: GroupProps & { props: Props }) {
  const { access, draft, error } = props;
  const assignment = `/assignments/${access.course.slug}.${access.assignment.slug}`;
  return (
    <Page
      at={at}
      title={at.t("mutant.title")}
      wide
      lead={at.t("mutant.lead")}
      trail={[
        ...submissionsTrail(at, access),
        [at.t("mistakes.title"), `${assignment}/mistakes`],
        [at.t("group.title"), groupAddress(view)],
      ]}
    >
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
        {error && <Alert kind="error">{error.sentence(at.lang)}</Alert>}
        {draft && (
          <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
            <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
              {draft.files.map(({ path, text }) => (
                <Card title={path} id={`file-${path}`}>
                  <CodeLines
                    lines={text.split("\n").map((line) => [[line, ""]])}
                    label={at.t("mutant.file", { name: path })}
                  />
                </Card>
              ))}
            </div>
            <MutantForm at={at} view={view} props={props} />
          </div>
        )}
      </div>
    </Page>
  );
}

function MutantForm({ at, view, props }: GroupProps & { props: Props }) {
  const { access, draft, tests, wish } = props;
  return (
    <Card title={at.t("mutant.words")} id="words">
      <form method="post" action={`${groupAddress(view)}/mutant`} class="grid gap-3 text-sm">
        <input type="hidden" name="submission" value={access.submission.id} />
        <input type="hidden" name="on" value={view.group.basis} />
        <label>
          {at.t("mutant.name")}
          <input
            name="name"
            value={wish?.name ?? ""}
            required
            pattern="[a-z0-9][a-z0-9\-]{1,59}"
            autocomplete="off"
            aria-describedby="name-help"
            class="input mt-1 w-full font-mono"
          />
        </label>
        <p id="name-help" class="muted">
          {at.t("mutant.name.help")}
        </p>
        <WordFields at={at} name="title" words={wish?.title} />
        <WordFields at={at} name="hint" words={wish?.hint} />
        <fieldset>
          <legend class="mb-1 font-medium">{at.t("mutant.fails")}</legend>
          {tests.map(({ name, title }) => (
            <label class="flex items-center gap-2 py-1">
              <input
                type="checkbox"
                name="fails"
                value={name}
                checked={wish ? wish.fails.includes(name) : true}
                class="checkbox checkbox-sm"
              />
              <span class="wrap-anywhere">{title[at.lang]}</span>
            </label>
          ))}
        </fieldset>
        <label class="flex items-start gap-2">
          <input type="checkbox" name="read" value="yes" required class="checkbox checkbox-sm mt-0.5" />
          <span>{at.t("mutant.read")}</span>
        </label>
        <button type="submit" class="btn btn-primary justify-self-start">
          {at.t("mutant.add", { number: draft!.base.number })}
        </button>
      </form>
    </Card>
  );
}

function WordFields({
  at,
  name,
  words,
}: {
  at: PageContext;
  name: "title" | "hint";
  words: Words | undefined;
}) {
  return (
    <div class="grid gap-3 sm:grid-cols-2">
      {(["en", "zh"] as const).map((lang) => (
        <label>
          {at.t(`mutant.${name}.${lang}`)}
          <textarea name={`${name}-${lang}`} rows={2} required maxlength={500} class="textarea mt-1 w-full">
            {words?.[lang] ?? ""}
          </textarea>
        </label>
      ))}
    </div>
  );
}
