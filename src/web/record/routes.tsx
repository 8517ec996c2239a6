// The record of a published grade, to read and to print; the same as a file comes from the API.
import type { Hono } from "hono";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { type GradeRecord, gradeRecord } from "../../review/record.ts";
import { findSubmission, noteLook, type SubmissionAccess } from "../../submissions/submissions.ts";
import { Exact } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { Card, Fact, Facts } from "../components/parts.tsx";
import { assignmentTrail } from "../components/trail.ts";
import { type PageContext, pageContext } from "../context.ts";
import { days, labelled, points } from "../format.ts";

export function addRecord(web: Hono<AppEnv>): void {
  web.get("/submissions/:submission/record", async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findSubmission(db, viewer, c.req.param("submission"));
    await noteLook(db, viewer, access, "record");
    const record = await gradeRecord(db, viewer, access);
    return c.html(<RecordPage at={pageContext(c)} access={access} record={record} />);
  });
}

interface Props {
  at: PageContext;
  access: SubmissionAccess;
  record: GradeRecord;
}

function RecordPage(props: Props) {
  const { at, access } = props;
  const { course, assignment, submission } = access;
  return (
    <Page
      at={at}
      title={at.t("record.title")}
      lead={at.t("record.lead")}
      trail={[
        ...assignmentTrail(at, { course, assignment }),
        [at.t("submission.title", { number: submission.number }), `/submissions/${submission.id}`],
      ]}
    >
      <p class="mb-4">
        <a href={`/api/v1/submissions/${submission.id}/record`} class="btn btn-sm" download>
          {at.t("record.download")}
        </a>
      </p>
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
        <PointsCard {...props} />
        <RunCard {...props} />
      </div>
    </Page>
  );
}

function PointsCard({ at, record }: Props) {
  const { sum, tests, rubric, grades, adjustments } = record;
  const given = new Map(grades.map((grade) => [grade.item, grade]));
  const line = (name: string, value: number, max: number | null) => (
    <li class="flex gap-3">
      <span class="wrap-anywhere">{name}</span>
      <span class="ml-auto whitespace-nowrap tabular-nums">
        {`${value < 0 ? "−" : ""}${points(Math.abs(value))}${max === null ? "" : ` / ${points(max)}`}`}
      </span>
    </li>
  );
  return (
    <Card title={labelled(at.t("sum.title"), points(sum.total), at.lang)} id="points">
      <ul class="grid gap-1 text-sm">
        {tests.map(({ title, score, max }) => line(title[at.lang], score, max))}
        {rubric.map(({ id, title, max }) => line(title[at.lang], given.get(id)?.points ?? 0, max))}
        {sum.late !== 0 &&
          line(at.t("lateness.sum", { days: days(sum.days, at.lang), spent: sum.spent }), -sum.late, null)}
        {adjustments.map(({ reason, points: value }) => line(reason, value, null))}
      </ul>
    </Card>
  );
}

function RunCard({ at, access, record }: Props) {
  const moment = (iso: string) => <Exact at={new Date(iso)} zone={access.course.timeZone} lang={at.lang} />;
  const { run, submission, files, changes } = record;
  const images = Object.entries(run.imageDigests).map(([name, digest]) => `${name}: ${digest}`);
  const rules = [
    ...(changes.tests ? [`${changes.tests.number}: ${changes.tests.reason}`] : []),
    ...changes.rubric.map(({ item, points: worth }) => `${item}: ${points(worth)}`),
  ];
  return (
    <Card title={at.t("record.run")} id="run">
      <Facts>
        <Fact name={at.t("record.received")}>{moment(submission.receivedAt)}</Fact>
        <Fact name={at.t("record.ended")}>{run.finishedAt ? moment(run.finishedAt) : "–"}</Fact>
        <Fact name={at.t("record.suite")}>{`${run.suite} ${run.suiteHash}`}</Fact>
        <Fact name={at.t("record.images")}>{images.join("\n")}</Fact>
        <Fact name={at.t("record.archive")}>{run.archive.sha256}</Fact>
        <Fact name={at.t("record.upload")}>{submission.sha256}</Fact>
        <Fact name={at.t(run.seed ? "record.seed" : "record.seed-hash")}>{run.seed ?? run.seedSha256}</Fact>
        <Fact name={at.t("record.rules")}>{rules.join("; ") || at.t("record.rules.none")}</Fact>
        <Fact name={at.t("record.files")}>
          <ul>
            {files.map(({ path, sha256 }) => (
              <li>{`${path} ${sha256}`}</li>
            ))}
          </ul>
        </Fact>
      </Facts>
    </Card>
  );
}
