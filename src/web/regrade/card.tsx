import type { SuiteConfig } from "../../judge/suite.ts";
import type { NamedRequest } from "../../review/regrades.ts";
import type { RegradeKind } from "../../review/tables.ts";
import { Moment } from "../components/moment.tsx";
import { Card, Tag } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import { points } from "../format.ts";
import type { ReportPart } from "../submission/load.ts";
import type { RegradeView } from "./asked.ts";

interface Props {
  at: PageContext;
  part: ReportPart;
  view: RegradeView;
}

/** On the report's page: what was asked, with its answers, and a form to ask. */
export function RegradeCard({ at, part, view }: Props) {
  const { requests, offer } = view;
  if (requests.length === 0 && !offer) return null;
  return (
    <Card title={at.t("regrade.title")} id="regrades">
      <ul class="grid gap-3">
        {requests.map((request) => (
          <li class="border-l-4 border-base-300 pl-3 text-sm">
            <Asked at={at} part={part} view={view} request={request} />
          </li>
        ))}
      </ul>
      {offer && offer.targets.length > 0 && <AskForm at={at} part={part} view={view} />}
    </Card>
  );
}

/** What the page calls a target: the test's or the item's title. */
export function targetTitle(
  at: PageContext,
  tests: ReportPart["tests"],
  rubric: SuiteConfig["rubric"],
  { kind, target }: { kind: RegradeKind; target: string },
): string {
  const found =
    kind === "test" ? tests.find(({ name }) => name === target) : rubric.find(({ id }) => id === target);
  return found?.title[at.lang] ?? target;
}

function Asked({ at, part, view, request }: Props & { request: NamedRequest }) {
  const { t } = at;
  const { staff, course } = part.access;
  return (
    <>
      <p class="flex flex-wrap items-baseline gap-2">
        <strong class="wrap-anywhere">{targetTitle(at, part.tests, view.rubric, request)}</strong>
        {request.round > 1 && <Tag>{t("regrade.appeal")}</Tag>}
        <Tag strong={request.state === "open"}>{t(`regrade.state.${request.state}`)}</Tag>
        {request.points > 0 && <span>{`+${t("regrade.gave", { points: points(request.points) })}`}</span>}
      </p>
      <p class="muted">
        <Moment at={request.askedAt} zone={course.timeZone} lang={at.lang} />
      </p>
      <p class="whitespace-pre-line wrap-anywhere">{request.reason}</p>
      {request.answer !== "" && (
        <div class="mt-2 rounded-field bg-base-200 p-3">
          <p class="font-medium">{t("regrade.answered-by", { name: request.by ?? "" })}</p>
          <p class="whitespace-pre-line wrap-anywhere">{request.answer}</p>
          {request.state === "ours" && <p class="muted mt-1">{t("regrade.ours.help")}</p>}
        </div>
      )}
      {request.state === "open" && staff && (
        <a href={`/regrades/${request.id}`} class="btn btn-sm mt-2">
          {t("regrade.answer")}
        </a>
      )}
      {request.state === "open" && !staff && (
        <form method="post" action={`/regrades/${request.id}/withdraw`} class="mt-2">
          <button type="submit" class="btn btn-sm">
            {t("regrade.withdraw")}
          </button>
        </form>
      )}
    </>
  );
}

function AskForm({ at, part, view }: Props) {
  const { t } = at;
  const { targets, end } = view.offer!;
  const of = (kind: RegradeKind) => targets.filter((one) => one.kind === kind);
  const { id } = part.access.submission;
  return (
    <details class={view.requests.length > 0 ? "mt-3" : ""}>
      <summary class="btn btn-sm">{t("regrade.ask")}</summary>
      <form method="post" action={`/submissions/${id}/regrades`} class="mt-3 grid gap-3">
        <label class="text-sm font-medium">
          {t("regrade.target")}
          <select name="target" required class="select mt-1 w-full">
            <option value="">{t("regrade.choose")}</option>
            {(["item", "test"] as const).map(
              (kind) =>
                of(kind).length > 0 && (
                  <optgroup label={t(kind === "item" ? "regrade.items" : "regrade.tests")}>
                    {of(kind).map((one) => (
                      <option value={`${kind}:${one.target}`}>
                        {targetTitle(at, part.tests, view.rubric, one)}
                      </option>
                    ))}
                  </optgroup>
                ),
            )}
          </select>
        </label>
        <label class="text-sm font-medium">
          {t("regrade.reason")}
          <textarea
            name="reason"
            rows={4}
            required
            minlength={10}
            maxlength={4000}
            class="textarea mt-1 w-full"
            aria-describedby="regrade-help"
          />
        </label>
        <p id="regrade-help" class="muted text-sm">
          {t("regrade.reason.help")} {t("regrade.until")}{" "}
          <Moment at={end} zone={part.access.course.timeZone} lang={at.lang} />
          {at.lang === "zh" ? "。" : "."}
        </p>
        <button type="submit" class="btn btn-primary btn-sm justify-self-start">
          {t("regrade.send")}
        </button>
      </form>
    </details>
  );
}
