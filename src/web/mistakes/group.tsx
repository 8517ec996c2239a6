import { type Basis, bases, titleOf } from "../../insight/mistakes.ts";
import type { UserError } from "../../platform/errors.ts";
import { mayUndo } from "../../review/group-marks.ts";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Tag } from "../components/parts.tsx";
import { PreviewTable } from "../components/preview-table.tsx";
import { submissionsTrail } from "../components/trail.ts";
import { points } from "../format.ts";
import { GroupForms } from "./group-forms.tsx";
import { type GroupProps, groupAddress, itemTitle } from "./group-view.ts";
import { kindWords } from "./page.tsx";

export function GroupPage({ at, view, error }: GroupProps & { error: UserError | null }) {
  const { access, group, preview } = view;
  const assignment = `/assignments/${access.course.slug}.${access.assignment.slug}`;
  return (
    <Page
      at={at}
      title={titleOf(group)[at.lang]}
      wide
      lead={group.known ? group.known.hint[at.lang] : kindWords(at, group.alike!.kind)}
      trail={[...submissionsTrail(at, access), [at.t("mistakes.title"), `${assignment}/mistakes`]]}
    >
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
        {error && <Alert kind="error">{error.sentence(at.lang)}</Alert>}
        {preview && <Preview at={at} view={view} />}
        <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
          <Members at={at} view={view} />
          <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
            <GroupForms at={at} view={view} />
            <Marks at={at} view={view} />
          </div>
        </div>
      </div>
    </Page>
  );
}

/** Who would get what, before anybody does. */
function Preview({ at, view }: GroupProps) {
  const { wish, preview, group } = view;
  const { lines, changes, basis } = preview!;
  const isItem = wish!.kind === "item";
  const values = { ...wish, on: group.basis, basis };
  type Line = (typeof lines)[number];
  const before = ({ before }: Line) => (before === null ? "–" : points(before));
  const after = ({ left, line, after }: Line) =>
    left ? (
      <span class="muted">{at.t(`group.left.${left}`)}</span>
    ) : (
      <strong>{isItem ? points(after!) : at.t("group.line.at", { line: line! })}</strong>
    );
  const columns = [
    ...(isItem ? [{ head: at.t("worth.before"), cell: before }] : []),
    { head: at.t(isItem ? "worth.after" : "group.line"), cell: after },
  ];
  return (
    <Card title={at.t("group.preview")} id="preview">
      <p class="mb-3" role="status">
        {at.t("group.preview.sum", { changes, left: lines.length - changes })}
      </p>
      <PreviewTable at={at} label={at.t("group.preview")} lines={lines} columns={columns} />
      {changes > 0 && (
        <form method="post" action={groupAddress(view)}>
          {Object.entries(values).map(([name, value]) => (
            <input
              type="hidden"
              name={name}
              value={value === true ? "yes" : value === false ? "" : String(value)}
            />
          ))}
          <button type="submit" class="btn btn-primary">
            {at.t("group.apply", { changes })}
          </button>
        </form>
      )}
    </Card>
  );
}

/** All of the group, by the submission that counts or the one that came last. */
function Members({ at, view }: GroupProps) {
  const { group, members, maySave } = view;
  return (
    <Card title={at.t("group.members", { count: members.length })} id="members">
      <nav aria-label={at.t("group.basis")} class="mb-3 flex flex-wrap gap-x-4 text-sm">
        {bases.map((basis: Basis) => (
          <a
            href={`${groupAddress(view)}?on=${basis}`}
            aria-current={basis === group.basis ? "page" : undefined}
            class={basis === group.basis ? "font-semibold" : "link"}
          >
            {at.t(`group.basis.${basis}`)}
          </a>
        ))}
      </nav>
      {members.length === 0 && <p class="muted text-sm">{at.t("group.members.none")}</p>}
      <ul class="grid max-h-[40rem] gap-2 overflow-y-auto text-sm">
        {members.map(({ id, number, name, own }) => (
          <li class="flex flex-wrap items-baseline gap-x-3 border-b border-base-300 pb-2">
            <a href={`/submissions/${id}`} class="link wrap-anywhere">
              {`${name} · ${at.t("submission.title", { number })}`}
            </a>
            {own && <Tag>{at.t("group.own")}</Tag>}
            <a
              href={`/submissions/${id}/beside`}
              class="link"
              aria-label={`${at.t("mistakes.side")}: ${name}, ${at.t("submission.title", { number })}`}
            >
              {at.t("mistakes.side")}
            </a>
            {maySave && (
              <a
                href={`${groupAddress(view)}/mutant?submission=${id}`}
                class="link"
                aria-label={`${at.t("mutant.save")}: ${name}, ${at.t("submission.title", { number })}`}
              >
                {at.t("mutant.save")}
              </a>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Marks({ at, view }: GroupProps) {
  const { access, marks, viewer } = view;
  return (
    <Card title={at.t("group.marks")} id="marks">
      {marks.length === 0 && <p class="muted text-sm">{at.t("group.marks.none")}</p>}
      <ol class="grid gap-3 text-sm">
        {marks.map((mark) => (
          <li class="grid gap-1 border-b border-base-300 pb-3">
            <span class="flex flex-wrap items-baseline gap-x-3">
              <strong>
                {mark.kind === "comment"
                  ? at.t("group.mark.comment", { path: mark.path!, count: mark.changed })
                  : at.t("group.mark.item", {
                      item: itemTitle(at, view, mark.item!),
                      points: points(mark.points!),
                      count: mark.changed,
                    })}
              </strong>
              {mark.undoneAt && <Tag>{at.t("worth.was-undone")}</Tag>}
            </span>
            <span class="wrap-anywhere whitespace-pre-line">{mark.text}</span>
            <span class="muted">
              {mark.by} · <Moment at={mark.madeAt} zone={access.course.timeZone} lang={at.lang} />
            </span>
            {mayUndo(viewer, access, mark) && (
              <form method="post" action={`${groupAddress(view)}/undo`}>
                <input type="hidden" name="mark" value={mark.id} />
                <input type="hidden" name="on" value={view.group.basis} />
                <button type="submit" class="btn btn-sm">
                  {at.t("group.undo")}
                </button>
              </form>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
