import type { RotaWaiting } from "../../submissions/rota.ts";
import { ROTA_REASON_LIMIT_CHARACTERS } from "../../submissions/rota-moves.ts";
import { CourseNav } from "../components/course-nav.tsx";
import { Icon } from "../components/icons.tsx";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty, Tag } from "../components/parts.tsx";
import { courseTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { duration } from "../format.ts";
import { Swatch } from "./marks.tsx";
import { Picture } from "./picture.tsx";
import type { RotaPageProps } from "./view.ts";

/** The queue for GPUs: a picture, the same in a table with its buttons, and what was moved. */
export function RotaPage({ at, view }: RotaPageProps) {
  const { course } = view.access;
  return (
    <Page
      at={at}
      title={at.t("rota.title")}
      lead={at.t("rota.lead")}
      wide
      trail={[...courseTrail(at, course), [at.t("queue.title"), `/courses/${course.slug}/queue`]]}
    >
      <CourseNav at={at} access={view.access} here="queue" />
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
        {view.error && <Alert kind="error">{view.error.sentence(at.lang)}</Alert>}
        {view.mayMove && view.rota.waiting.some(({ movable }) => movable) && <Reason at={at} view={view} />}
        <RotaPart at={at} view={view} />
        {(view.moves.length > 0 || view.rota.waiting.length > 0) && <Moves at={at} view={view} />}
      </div>
    </Page>
  );
}

/** The part that is asked for anew while somebody looks. */
export function RotaPart({ at, view }: RotaPageProps) {
  return (
    <div
      id="rota"
      class="grid grid-cols-[minmax(0,1fr)] gap-4"
      hx-get={`/courses/${view.access.course.slug}/rota/part`}
      hx-trigger="every 10s"
      hx-swap="outerMorph"
    >
      <Picture at={at} view={view} />
      <Waiting at={at} view={view} />
    </div>
  );
}

const FORM = "rota-move";

function Reason({ at, view }: RotaPageProps) {
  return (
    <form id={FORM} method="post" action={`/courses/${view.access.course.slug}/rota`} class="card-box">
      {/* Enter in the field moves nothing: the form's first button is this one. */}
      <button type="submit" disabled hidden />
      <label for="rota-reason" class="mb-1 block text-sm font-medium">
        {at.t("rota.reason")}
      </label>
      <input
        id="rota-reason"
        name="reason"
        required
        maxlength={ROTA_REASON_LIMIT_CHARACTERS}
        value={view.reason}
        autocomplete="off"
        aria-describedby="rota-reason-help"
        class="input w-full max-w-xl"
      />
      <p id="rota-reason-help" class="muted mt-1 text-sm">
        {at.t("rota.reason.help")}
      </p>
    </form>
  );
}

/** More than a person reads; those that come next stand first. */
const ROWS_SHOWN = 200;

function Waiting({ at, view }: RotaPageProps) {
  const { waiting } = view.rota;
  const columns = ["place", "who", "begins", "takes", "since"] as const;
  return (
    <Card
      title={at.t("rota.waiting")}
      id="waiting"
      actions={<span class="muted text-sm tabular-nums">{waiting.length}</span>}
    >
      {waiting.length === 0 ? (
        <Empty title={at.t("rota.waiting.none")}>{at.t("rota.waiting.none-help")}</Empty>
      ) : (
        <section class="relative overflow-x-auto" tabindex={0} aria-labelledby="waiting-title">
          <table class="w-full text-sm">
            <thead class="border-b border-base-300 text-left">
              <tr>
                {columns.map((column) => (
                  <th scope="col" class="py-2 pr-4 font-semibold whitespace-nowrap">
                    {at.t(`rota.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {waiting.slice(0, ROWS_SHOWN).map((one) => (
                <WaitingRow at={at} view={view} one={one} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {waiting.length > ROWS_SHOWN && (
        <p class="muted mt-3 text-sm">{at.t("rota.more", { count: ROWS_SHOWN })}</p>
      )}
    </Card>
  );
}

function WaitingRow({ at, view, one }: RotaPageProps & { one: RotaWaiting }) {
  const { rota, access, mayMove } = view;
  return (
    <tr class="border-b border-base-300 align-top last:border-0" data-attempt={one.attemptId}>
      <td class="py-2 pr-4 font-semibold tabular-nums">{one.place}</td>
      <th scope="row" class="min-w-40 py-2 pr-4 text-left font-normal wrap-anywhere">
        <Whose at={at} one={one} />
      </th>
      <td class="py-2 pr-4 min-w-28">
        <p class="mb-1">{beginsWords(at, one)}</p>
        {mayMove && one.movable && <Arrows at={at} one={one} />}
      </td>
      <td class="py-2 pr-4 min-w-28">
        {at.t(one.takes.measured ? "rota.takes.measured" : "rota.takes.limit", {
          time: duration(one.takes.seconds, at.lang),
        })}
      </td>
      <td class="py-2 min-w-40">
        <Moment at={one.since} zone={access.course.timeZone} lang={at.lang} now={rota.now} />
      </td>
    </tr>
  );
}

function Whose({ at, one }: { at: PageContext; one: RotaWaiting }) {
  const { work } = one;
  if (!work) {
    return (
      <span class="muted flex items-center gap-2">
        <Swatch group={null} />
        {at.t("rota.elsewhere")}
      </span>
    );
  }
  return (
    <div class="flex items-start gap-2">
      <Swatch group={one.group} />
      <div>
        <a href={`/submissions/${work.submissionId}`} class="link font-medium">
          {work.by}
        </a>
        <p class="muted">
          {work.assignment.title[at.lang]} #{work.number}
        </p>
        <p class="mt-1 flex flex-wrap gap-1 empty:hidden">
          {one.deadline && <Tag strong>{at.t("rota.deadline")}</Tag>}
          {one.batch && <Tag>{at.t("rota.batch")}</Tag>}
          {one.moved && <Tag>{at.t("rota.moved")}</Tag>}
        </p>
      </div>
    </div>
  );
}

function beginsWords(at: PageContext, { spent, startsIn, measured }: RotaWaiting): string {
  if (spent) return at.t("rota.spent");
  if (startsIn === null) return at.t("rota.no-device");
  if (startsIn === 0) return at.t("rota.at-once");
  return at.t(measured ? "rota.in" : "rota.in-at-most", { time: duration(startsIn, at.lang) });
}

const arrows = [
  ["first", "rota.first", <path d="M3 2.5h10M8 13.5v-8M4.5 8.5 8 5l3.5 3.5" />],
  ["earlier", "rota.earlier", <path d="M8 13.5v-11M3.5 7 8 2.5 12.5 7" />],
  ["later", "rota.later-one", <path d="M8 2.5v11M3.5 9 8 13.5 12.5 9" />],
] as const;

function Arrows({ at, one }: { at: PageContext; one: RotaWaiting }) {
  const who = one.work ? `${one.work.by} #${one.work.number}` : "";
  return (
    <span class="inline-flex gap-1">
      {arrows.map(([move, label, shape]) => (
        <button
          type="submit"
          form={FORM}
          name="move"
          value={`${one.attemptId} ${move}`}
          aria-label={at.t(label, { who })}
          title={at.t(label, { who })}
          disabled={!one.movable![move === "later" ? "later" : "earlier"]}
          class="btn btn-sm btn-square"
        >
          <Icon>{shape}</Icon>
        </button>
      ))}
    </span>
  );
}

function Moves({ at, view }: RotaPageProps) {
  const { course } = view.access;
  return (
    <Card title={at.t("rota.moves")} id="moves">
      {view.moves.length === 0 && <p class="muted text-sm">{at.t("rota.moves.none")}</p>}
      <ul class="grid gap-3 text-sm">
        {view.moves.map((move) => (
          <li class="flex flex-wrap items-start gap-x-4 gap-y-2">
            <div class="mr-auto min-w-0 grow basis-64">
              <p class="font-medium">
                {at.t("rota.moves.line", { by: move.by, before: move.placeBefore, after: move.placeAfter })}{" "}
                {move.undoneAt && <Tag>{at.t("rota.moves.undone")}</Tag>}
              </p>
              <p class="wrap-anywhere">{move.reason}</p>
              <p class="muted">
                <Moment at={move.madeAt} zone={course.timeZone} lang={at.lang} now={view.rota.now} />
              </p>
            </div>
            {move.undoable && view.mayMove && (
              <form method="post" action={`/courses/${course.slug}/rota/undo`}>
                <button type="submit" class="btn btn-sm">
                  {at.t("rota.undo")}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
