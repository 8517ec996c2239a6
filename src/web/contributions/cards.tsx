// What members of a group say their parts were: one's own as a form, everybody's for staff.
import type { AssignmentAccess } from "../../assignments/assignments.ts";
import {
  type OwnStatements,
  STATEMENT_LIMIT_CHARACTERS,
  type Statement,
} from "../../submissions/contributions.ts";
import { Card } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";

interface Own {
  at: PageContext;
  access: AssignmentAccess;
  view: OwnStatements;
  /** It is looked at, not changed: staff with a student's eyes. */
  readOnly: boolean;
}

export function ContributionCard({ at, access, view, readOnly }: Own) {
  const { state, own, others } = view;
  const { contributions } = access.assignment;
  if (state === "none" || contributions === "off") return null;
  return (
    <Card title={at.t("contribution.title")} id="contribution">
      {state === "open" && !readOnly ? (
        <>
          <p class="mb-3 text-sm">{at.t(`contribution.help.${contributions}`)}</p>
          <StatementForm at={at} access={access} own={own} />
        </>
      ) : (
        <>
          {state === "over" && (
            <p class="muted mb-2 text-sm">{at.t(own ? "contribution.over" : "contribution.over.none")}</p>
          )}
          {own && <Said at={at} text={own.text} share={own.share} />}
        </>
      )}
      {others.length > 0 && (
        <div class="mt-4 border-t border-base-300 pt-3">
          <StatementList at={at} statements={others} />
        </div>
      )}
    </Card>
  );
}

function StatementForm({ at, access, own }: Pick<Own, "at" | "access"> & Pick<OwnStatements, "own">) {
  const { course, assignment } = access;
  return (
    <form method="post" action={`/assignments/${course.slug}.${assignment.slug}/contribution`}>
      <label for="contribution-text" class="mb-1 block text-sm font-medium">
        {at.t("contribution.text")}
      </label>
      <textarea
        id="contribution-text"
        name="text"
        rows={4}
        maxlength={STATEMENT_LIMIT_CHARACTERS}
        required
        class="textarea mb-3 w-full"
      >
        {own?.text}
      </textarea>
      <label for="contribution-share" class="mb-1 block text-sm font-medium">
        {at.t("contribution.share")}
      </label>
      <input
        id="contribution-share"
        type="number"
        name="share"
        min={0}
        max={100}
        step={1}
        value={own?.share ?? ""}
        class="input mb-3 w-full"
      />
      <button type="submit" class="btn btn-sm">
        {at.t("contribution.save")}
      </button>
    </form>
  );
}

/** For staff, beside the group's work; nothing where none are asked for. */
export function StatementsCard({ at, statements }: { at: PageContext; statements: Statement[] | null }) {
  if (!statements) return null;
  const shares = statements.flatMap(({ share }) => share ?? []);
  return (
    <Card title={at.t("contribution.all")} id="contributions">
      <StatementList at={at} statements={statements} />
      {shares.length > 0 && (
        <p class="muted mt-3 text-sm">
          {at.t("contribution.sum", { sum: shares.reduce((sum, share) => sum + share, 0) })}
        </p>
      )}
    </Card>
  );
}

function StatementList({ at, statements }: { at: PageContext; statements: Statement[] }) {
  return (
    <ul class="grid gap-3 text-sm">
      {statements.map(({ name, text, share }) => (
        <li>
          <p class="font-medium wrap-anywhere">{name}</p>
          {text === null ? (
            <p class="muted">{at.t("contribution.none")}</p>
          ) : (
            <Said at={at} text={text} share={share} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Said({ at, text, share }: { at: PageContext; text: string; share: number | null }) {
  return (
    <p class="whitespace-pre-line wrap-anywhere">
      {share !== null && <strong class="tabular-nums">{at.t("contribution.percent", { share })} </strong>}
      {text}
    </p>
  );
}
