import type { AssignmentAccess } from "../../assignments/assignments.ts";
import { allows } from "../../courses/access.ts";
import type { Leaderboard, LeaderboardRow } from "../../gradebook/leaderboard.ts";
import { Page } from "../components/page.tsx";
import { Alert, Empty, Tag } from "../components/parts.tsx";
import { assignmentTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { labelled } from "../format.ts";

interface Props {
  at: PageContext;
  access: AssignmentAccess;
  leaderboard: Leaderboard;
  sort: { column: number; order: "asc" | "desc" } | null;
}

const addressOf = ({ access: { course, assignment } }: Props) =>
  `/assignments/${course.slug}.${assignment.slug}/leaderboard`;

export function LeaderboardPage(props: Props) {
  const { at, access, leaderboard } = props;
  const { course, assignment } = access;
  return (
    <Page
      at={at}
      title={labelled(at.t("leaderboard.title"), assignment.title[at.lang], at.lang)}
      lead={at.t("leaderboard.lead")}
      trail={assignmentTrail(at, { course, assignment })}
    >
      {!leaderboard.on && (
        <div class="mb-4">
          <Alert kind="info">{at.t("leaderboard.off")}</Alert>
        </div>
      )}
      {leaderboard.rows.length === 0 ? (
        <Empty title={at.t("leaderboard.empty")}>{at.t("leaderboard.empty-help")}</Empty>
      ) : (
        <Rows {...props} />
      )}
      <Choices {...props} />
    </Page>
  );
}

function Rows(props: Props) {
  const { at, leaderboard } = props;
  return (
    <div class="card-box overflow-x-auto p-0">
      <table class="w-full text-sm">
        <caption class="sr-only">{at.t("leaderboard.title")}</caption>
        <thead class="border-b border-base-300 text-left">
          <tr>
            <th scope="col" class="w-16 px-4 py-2">
              <a href={addressOf(props)} class="link link-hover font-semibold">
                {at.t("leaderboard.rank")}
              </a>
            </th>
            <th scope="col" class="px-4 py-2">
              {at.t("leaderboard.who")}
            </th>
            {leaderboard.columns.map((_, column) => (
              <Head {...props} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {leaderboard.rows.map((row) => (
            <Row at={at} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head(props: Props & { column: number }) {
  const { leaderboard, sort, column } = props;
  const { name, order: best } = leaderboard.columns[column]!;
  const current = sort?.column === column;
  const order = current ? (sort.order === "asc" ? "desc" : "asc") : best;
  return (
    <th
      scope="col"
      class="px-4 py-2 text-right"
      aria-sort={current ? (sort.order === "asc" ? "ascending" : "descending") : undefined}
    >
      <a href={`${addressOf(props)}?column=${column}&order=${order}`} class="link link-hover font-semibold">
        {name}
        {current && <span aria-hidden="true">{sort.order === "asc" ? " ▲" : " ▼"}</span>}
      </a>
    </th>
  );
}

function Row({ at, row }: { at: PageContext; row: LeaderboardRow }) {
  return (
    <tr
      class={`border-b border-base-300 last:border-0 ${row.mine ? "bg-base-200 font-semibold" : ""}`}
      aria-current={row.mine ? "true" : undefined}
    >
      <td class="px-4 py-2 tabular-nums">{row.rank}</td>
      <th scope="row" class="px-4 py-2 text-left font-medium wrap-anywhere">
        {row.shown[at.lang]} {row.mine && <Tag strong>{at.t("leaderboard.you")}</Tag>}
        {row.name !== null && row.name !== row.shown[at.lang] && (
          <span class="muted block text-xs font-normal">{row.name}</span>
        )}
      </th>
      {row.values.map((value) => (
        <td class="px-4 py-2 text-right tabular-nums">{value === null ? "–" : shortValue(value)}</td>
      ))}
    </tr>
  );
}

const shortValue = (value: number | string) =>
  typeof value === "number" ? String(Number(value.toPrecision(6))) : value.slice(0, 40);

function Choices(props: Props) {
  const { at, access, leaderboard } = props;
  const address = addressOf(props);
  return (
    <div class="mt-4 flex flex-wrap items-start gap-4">
      {leaderboard.rows.some(({ mine }) => mine) && (
        <form method="post" action={`${address}/name`}>
          <button type="submit" name="named" value={leaderboard.named ? "0" : "1"} class="btn btn-sm">
            {at.t(leaderboard.named ? "leaderboard.name.hide" : "leaderboard.name.show")}
          </button>
          <p class="muted mt-1 text-sm">{at.t("leaderboard.name.help")}</p>
        </form>
      )}
      {allows(access.standing, "assignment.edit") && (
        <form method="post" action={address}>
          <button type="submit" name="on" value={leaderboard.on ? "0" : "1"} class="btn btn-sm">
            {at.t(leaderboard.on ? "leaderboard.turn-off" : "leaderboard.turn-on")}
          </button>
        </form>
      )}
    </div>
  );
}
