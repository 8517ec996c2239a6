import type { AssignmentAccess } from "../../assignments/assignments.ts";
import type { Statistics, TestRate } from "../../gradebook/statistics.ts";
import { Page } from "../components/page.tsx";
import { Card, Empty } from "../components/parts.tsx";
import { ScoreBar } from "../components/score.tsx";
import { submissionsTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { labelled } from "../format.ts";
import { Bars } from "./bars.tsx";

interface Props {
  at: PageContext;
  access: AssignmentAccess;
  statistics: Statistics;
}

export function StatisticsPage({ at, access, statistics }: Props) {
  const { assignment } = access;
  const { t } = at;
  return (
    <Page
      at={at}
      title={labelled(t("statistics.title"), assignment.title[at.lang], at.lang)}
      wide
      lead={t("statistics.lead")}
      trail={submissionsTrail(at, access)}
    >
      {statistics.graded === 0 ? (
        <Empty title={t("statistics.empty")}>{t("statistics.empty-help")}</Empty>
      ) : (
        <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
          <Points at={at} statistics={statistics} />
          <Tests at={at} tests={statistics.tests} />
          <Card title={t("statistics.days")} id="days">
            <Bars
              at={at}
              title={t("statistics.days")}
              heads={[t("statistics.day"), t("statistics.submissions")]}
              bars={statistics.days.map(({ day, count }) => ({ label: day.slice(5), count }))}
            />
          </Card>
          <Card title={t("statistics.attempts")} id="attempts">
            <Bars
              at={at}
              title={t("statistics.attempts")}
              heads={[t("statistics.submissions"), t("statistics.students")]}
              bars={statistics.attempts.map((count, place) => ({
                label: place === 9 ? t("statistics.more", { count: 10 }) : String(place + 1),
                count,
              }))}
            />
          </Card>
        </div>
      )}
    </Page>
  );
}

const whole = (hundredthsOfPercent: number) => Math.round(hundredthsOfPercent / 100);

function Points({ at, statistics }: { at: PageContext; statistics: Statistics }) {
  const { bins, quartiles, graded, students } = statistics;
  const [low, median, high] = (quartiles ?? [0, 0, 0]).map(whole) as [number, number, number];
  return (
    <Card title={at.t("statistics.points")} id="points">
      <p class="muted mb-3 text-sm">
        {at.t("statistics.points.facts", { graded, students, median, low, high })}
      </p>
      <Bars
        at={at}
        title={at.t("statistics.points.figure")}
        heads={[at.t("statistics.share"), at.t("statistics.students")]}
        bars={bins.map((count, place) => ({ label: `${place * 10}–${(place + 1) * 10}%`, count }))}
      />
    </Card>
  );
}

function Tests({ at, tests }: { at: PageContext; tests: TestRate[] }) {
  return (
    <Card title={at.t("statistics.tests")} id="tests">
      <table class="w-full text-sm">
        <caption class="sr-only">{at.t("statistics.tests")}</caption>
        <thead>
          <tr class="text-left">
            <th scope="col" class="pb-1 font-semibold">
              {at.t("statistics.test")}
            </th>
            <th scope="col" class="w-32 pb-1 font-semibold">
              {at.t("statistics.passed")}
            </th>
            <th scope="col" class="pb-1 pl-4 text-right font-semibold">
              {at.t("statistics.points-share")}
            </th>
          </tr>
        </thead>
        <tbody>
          {tests.map((test) => (
            <tr class="border-t border-base-300 align-top">
              <th scope="row" class="py-1.5 pr-4 text-left font-normal wrap-anywhere">
                {test.title[at.lang]}
              </th>
              <td class="py-1.5 tabular-nums">
                {`${test.passed} / ${test.ran}`}
                <ScoreBar score={test.passed} max={test.ran} />
              </td>
              <td class="py-1.5 pl-4 text-right whitespace-nowrap tabular-nums">{`${Math.round(test.share * 100)} %`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
