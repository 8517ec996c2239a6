// The accounting of a submission: the same lines and the same total wherever it is shown.
import type { Assignment } from "../../assignments/tables.ts";
import type { ReportView } from "../../submissions/view-report.ts";
import type { PageContext } from "../context.ts";
import { days, labelled, points } from "../format.ts";
import { Sum, type SumLine } from "./score.tsx";

interface Props {
  at: PageContext;
  report: ReportView;
  assignment: Assignment;
}

export function PointsSum({ at, report, assignment }: Props) {
  const { points: sum, byHand } = report;
  const hidden = report.staff ? null : report.student.hidden;
  const total = { label: at.t(hidden ? "sum.total" : "sum.total.final"), points: sum.total, max: sum.max };
  return (
    <Sum
      title={labelled(at.t("sum.title"), points(sum.total), at.lang)}
      lines={linesOf({ at, report, assignment }, hidden !== null, byHand !== null)}
      total={total}
    />
  );
}

function linesOf({ at, report }: Props, hidden: boolean, withPeople: boolean): SumLine[] {
  const { points: sum, byHand, staff } = report;
  const late = { days: days(sum.days, at.lang), spent: sum.spent };
  // To its student the staff are the course, not a person to argue with.
  const why = ({ reason, by }: { reason: string; by: string }) => (staff ? `${reason} (${by})` : reason);
  return [
    { label: at.t(hidden ? "sum.tests" : "sum.all-tests"), points: sum.tests, max: sum.testsMax },
    ...(withPeople && sum.rubricMax > 0
      ? [{ label: at.t("review.rubric"), points: sum.rubric, max: sum.rubricMax }]
      : []),
    ...(sum.early === 0
      ? []
      : [{ label: at.t(sum.early > 0 ? "lateness.early.by" : "lateness.early.missed"), points: sum.early }]),
    ...(sum.days > 0
      ? [{ label: at.t(sum.spent > 0 ? "lateness.sum.paid" : "lateness.sum", late), points: -sum.late }]
      : []),
    ...(byHand?.adjustments ?? []).map((one) => ({ label: why(one), points: one.points })),
    ...(sum.floor > 0 ? [{ label: at.t("review.floor"), points: sum.floor }] : []),
  ];
}
