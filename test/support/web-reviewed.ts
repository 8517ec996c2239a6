// An assignment that people have reviewed: rubric grades, comments, an adjustment, published results, and a regrade
// request that waits.
import type { Viewer } from "../../src/accounts/viewer.ts";
import { changeAssignment, createAssignment } from "../../src/assignments/assignments.ts";
import { findCourse } from "../../src/courses/courses.ts";
import { createGroup, createGroupSet, joinGroup } from "../../src/courses/groups.ts";
import type { Services } from "../../src/http/services.ts";
import type { TestReport } from "../../src/judge/report.ts";
import { askRegrade } from "../../src/review/regrades.ts";
import { adjust, commentLine, findReview, gradeItem } from "../../src/review/review.ts";
import { findSubmission } from "../../src/submissions/submissions.ts";
import type { DeclaredSuiteTest } from "../../src/suites/tables.ts";
import { finishGrading } from "./web-gradings.ts";

const rows: [name: string, en: string, zh: string, points: number][] = [
  ["test_conv_forward", "Convolution, forward", "卷积前向", 12],
  ["test_conv_backward", "Convolution, gradients", "卷积反向梯度", 18],
  ["test_max_pool", "Overlapping max pooling", "重叠最大池化", 12],
  ["test_stride_and_padding", "Stride and padding", "步长与填充", 10],
];

export const reviewedTests: DeclaredSuiteTest[] = rows.map(([name, en, zh, points], at) => ({
  name,
  title: { en, zh },
  number: String(at + 1),
  max: points * 100,
  visibility: "visible",
  tags: [],
}));

export function reviewedResults(failed: string[]): TestReport[] {
  return reviewedTests.map((test) => {
    const wrong = failed.includes(test.name);
    return {
      ...test,
      verdict: wrong ? "failed" : "passed",
      score: wrong ? 0 : test.max,
      message: wrong ? { en: "dx differs at the border of the picture.", zh: "dx 在图像边缘处有误。" } : null,
      traceback: null,
      stdout: "",
      wallMs: 42,
      cpuMs: 40,
      peakBytes: 60_000_000,
      artifacts: [],
      extra: {},
    };
  });
}

interface Parts {
  services: Services;
  instructor: Viewer;
  grader: Viewer;
  student: Viewer;
  other: Viewer;
  /** A published version of graders/hw1-cnn. */
  versionId: string;
  handIn(viewer: Viewer, slug: string, folder: string): Promise<string>;
}

export interface Reviewed {
  /** Reviewed, with a request that waits. */
  reviewed: string;
  /** The same assignment, not graded by a person yet. */
  ungraded: string;
  regrade: string;
}

const DAY_MS = 86_400_000;

export async function makeReviewed(parts: Parts): Promise<Reviewed> {
  const { services, instructor, grader, student, other, versionId, handIn } = parts;
  const { db } = services;
  const dueAt = new Date(Math.floor((Date.now() - 2.5 * DAY_MS) / 60_000) * 60_000);
  await createAssignment(db, instructor, await findCourse(db, instructor, "mml-2026"), {
    slug: "hw2-cnn",
    title: { en: "Convolutional networks", zh: "卷积网络" },
    suiteVersionId: versionId,
    state: "open",
    dueAt,
    latePercentPerDay: 5,
    lateLastDay: 7,
    regradeDays: 14,
  });
  const reviewed = await handIn(student, "hw2-cnn", "graders/hw1-cnn/reference");
  await finishGrading(services, reviewed, reviewedResults(["test_max_pool"]));
  const ungraded = await handIn(other, "hw2-cnn", "graders/hw1-cnn/reference");
  await finishGrading(services, ungraded, reviewedResults([]));
  await review(services, grader, reviewed);
  await changeAssignment(db, instructor, "mml-2026.hw2-cnn", {
    resultsPublishedAt: new Date(Date.now() - DAY_MS),
  });
  const asked = await askRegrade(db, student, await findSubmission(db, student, reviewed), {
    kind: "item",
    target: "derivation",
    reason:
      "The step from (4) to (5) that you miss is on page 2, right below the figure. 第 2 页图下即是该步骤。",
  });
  await makeGroups(services, grader, instructor, student, other);
  return { reviewed, ungraded, regrade: asked.id };
}

async function makeGroups(
  { db }: Services,
  grader: Viewer,
  instructor: Viewer,
  student: Viewer,
  other: Viewer,
): Promise<void> {
  const as = (viewer: Viewer) => findCourse(db, viewer, "mml-2026");
  const set = await createGroupSet(db, grader, await as(grader), {
    slug: "project",
    title: { en: "Project teams", zh: "项目小组" },
    mostMembers: 3,
    formation: "students",
  });
  const { code } = await createGroup(db, student, await as(student), "project", "Kernel trick 核技巧组");
  await joinGroup(db, other, await as(other), "project", code);
  await changeAssignment(db, instructor, "mml-2026.hw5-kernels", { groupSetId: set.id });
}

async function review({ db }: Services, grader: Viewer, id: string): Promise<void> {
  const access = await findReview(db, grader, id);
  const grade = (item: string, points: string, comment: string) =>
    gradeItem(db, grader, access, { item, points, comment });
  await grade("derivation", "5.5", "The index of the padded border is missing. 缺少填充边界的下标。");
  await grade("method", "6", "Clear, with honest measurements. 表述清楚，实测可信。");
  await grade(
    "experiments",
    "7",
    "Three seeds, well. Say what the band in figure 2 is. 请说明图 2 中色带的含义。",
  );
  await grade("errors", "4", "");
  await grade("writing", "3.5", "Number the equations. 请给公式编号。");
  const line = {
    path: "cnn.py",
    line: 12,
    text: "A view would do here: no copy is needed. 此处用视图即可，无需复制。",
  };
  await commentLine(db, grader, access, line, 500);
  await adjust(db, grader, access, { points: "1", reason: "A neat figure. 图做得很好。" });
}
