import type { AssignmentAccess } from "../../assignments/assignments.ts";
import type { PairRow } from "../../similarity/similarity.ts";
import type { SimilarityReport } from "../../similarity/tables.ts";
import { Moment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Alert, Empty } from "../components/parts.tsx";
import { ScoreBar } from "../components/score.tsx";
import { submissionsTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { count } from "../format.ts";

interface Props {
  at: PageContext;
  access: AssignmentAccess;
  report: SimilarityReport | null;
  pairs: PairRow[];
}

export const similarityAddress = ({ course, assignment }: AssignmentAccess) =>
  `/assignments/${course.slug}.${assignment.slug}/similarity`;

export function SimilarityPage(props: Props) {
  const { at, access, report } = props;
  return (
    <Page
      at={at}
      title={at.t("similarity.title")}
      lead={at.t("similarity.lead")}
      trail={submissionsTrail(at, access)}
    >
      {report === null && <Empty title={at.t("similarity.none")}>{at.t("similarity.none-help")}</Empty>}
      {report?.state === "running" && (
        <Alert kind="info" title={at.t("similarity.running")}>
          {at.t("similarity.running-help")}{" "}
          <a href={similarityAddress(access)} class="link">
            {at.t("similarity.reload")}
          </a>
        </Alert>
      )}
      {report?.state === "failed" && (
        <Alert kind="error" title={at.t("similarity.failed")}>
          {report.fault}
        </Alert>
      )}
      {report?.state === "done" && <Pairs {...props} report={report} />}
      {report?.state !== "running" && (
        <form method="post" action={similarityAddress(access)} class="mt-4">
          <button type="submit" class={report ? "btn" : "btn btn-primary"}>
            {at.t(report ? "similarity.again" : "similarity.compare")}
          </button>
        </form>
      )}
      {report && report.skipped.length > 0 && <Skipped at={at} report={report} />}
    </Page>
  );
}

function Pairs({ at, access, report, pairs }: Props & { report: SimilarityReport }) {
  return (
    <>
      <p class="muted mb-3 text-sm">
        {at.t("similarity.facts", { files: report.files, submissions: report.submissions })}{" "}
        <Moment at={report.endedAt ?? report.askedAt} zone={access.course.timeZone} lang={at.lang} />
      </p>
      {pairs.length === 0 ? (
        <Empty title={at.t("similarity.empty")}>{at.t("similarity.empty-help")}</Empty>
      ) : (
        <div class="card-box overflow-x-auto p-0">
          <table class="w-full text-sm">
            <caption class="sr-only">{at.t("similarity.pairs")}</caption>
            <thead class="border-b border-base-300 text-left">
              <tr>
                <th scope="col" class="px-4 py-2">
                  {at.t("similarity.files")}
                </th>
                <th scope="col" class="w-40 px-4 py-2">
                  {at.t("similarity.share")}
                </th>
                <th scope="col" class="hidden px-4 py-2 text-right sm:table-cell">
                  {at.t("similarity.longest")}
                </th>
              </tr>
            </thead>
            <tbody>
              {pairs.map((pair) => (
                <Row at={at} address={similarityAddress(access)} pair={pair} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

export const percent = (similarity: number) => `${(similarity / 100).toFixed(0)} %`;

function Row({ at, address, pair }: { at: PageContext; address: string; pair: PairRow }) {
  const sides = [
    { name: pair.leftName, path: pair.leftPath },
    { name: pair.rightName, path: pair.rightPath },
  ];
  return (
    <tr class="border-b border-base-300 last:border-0">
      <td class="px-4 py-2">
        <a
          href={`${address}/${pair.reportId}/${pair.position}`}
          class="link link-hover grid gap-x-6 sm:grid-cols-2"
        >
          {sides.map(({ name, path }) => (
            <span class="wrap-anywhere">
              <span class="font-medium">{name}</span> <span class="muted text-xs">{path}</span>
            </span>
          ))}
          <span class="sr-only">{at.t("similarity.look-at")}</span>
        </a>
      </td>
      <td class="px-4 py-2 tabular-nums">
        {percent(pair.similarity)}
        <ScoreBar score={pair.similarity} max={10_000} />
      </td>
      <td class="hidden px-4 py-2 text-right tabular-nums sm:table-cell">
        {at.t("similarity.tokens", { count: count(pair.longest, at.lang) })}
      </td>
    </tr>
  );
}

function Skipped({ at, report }: { at: PageContext; report: SimilarityReport }) {
  return (
    <details class="mt-6 text-sm">
      <summary class="cursor-pointer">{at.t("similarity.skipped", { count: report.skipped.length })}</summary>
      <ul class="mt-2 grid gap-1">
        {report.skipped.map(({ submissionId, path, why }) => (
          <li class="wrap-anywhere">
            <a href={`/submissions/${submissionId}`} class="link">
              {path}
            </a>{" "}
            <span class="muted">{at.t(`similarity.skipped.${why}`)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
