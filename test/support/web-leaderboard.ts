// An assignment whose suite declares a leaderboard, with two students on it; one stands there by name.
import type { Viewer } from "../../src/accounts/viewer.ts";
import { createAssignment, findAssignment } from "../../src/assignments/assignments.ts";
import { findCourse } from "../../src/courses/courses.ts";
import { showMyName, switchLeaderboard } from "../../src/gradebook/leaderboard.ts";
import type { Services } from "../../src/http/services.ts";
import type { TestReport } from "../../src/judge/report.ts";
import type { DeclaredSuiteTest } from "../../src/suites/tables.ts";
import { endGrading, startGrading } from "./web-gradings.ts";

const rows: [name: string, en: string, zh: string, points: number][] = [
  ["test_images_follow_prompts", "Images follow their prompts", "图像符合文本描述", 30],
  ["test_captions", "Captions say what is seen", "描述文字符合图像", 30],
];

export const finalTests: DeclaredSuiteTest[] = rows.map(([name, en, zh, points], at) => ({
  name,
  title: { en, zh },
  number: String(at + 1),
  max: points * 100,
  visibility: "visible",
  tags: [],
}));

function results(share: number): TestReport[] {
  return finalTests.map((test) => ({
    ...test,
    verdict: share === 1 ? "passed" : "partial",
    score: Math.round(test.max * share),
    message: null,
    traceback: null,
    stdout: "",
    wallMs: 5200,
    cpuMs: 5100,
    peakBytes: 800_000_000,
    artifacts: [],
    extra: {},
  }));
}

interface Parts {
  services: Services;
  instructor: Viewer;
  student: Viewer;
  other: Viewer;
  /** A published version of graders/final-t2i. */
  versionId: string;
  handIn(viewer: Viewer, slug: string, folder: string): Promise<string>;
}

export async function makeLeaderboard(parts: Parts): Promise<void> {
  const { services, instructor, student, other, versionId, handIn } = parts;
  const { db } = services;
  const slug = "text-to-image";
  await createAssignment(db, instructor, await findCourse(db, instructor, "mml-2026"), {
    slug,
    title: { en: "Text to image", zh: "文本生成图像" },
    suiteVersionId: versionId,
    state: "open",
    dueAt: new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 20 * 86_400_000),
  });
  for (const [who, share] of [
    [student, 0.74],
    [other, 0.86],
  ] as const) {
    const id = await handIn(who, slug, "graders/final-t2i/starter");
    const attempt = await startGrading(services, id);
    const measured = { value: share, order: "desc" as const, test: finalTests[0]!.name };
    await endGrading(services, attempt, results(share), [], [{ name: "public, 16 x 16", ...measured }]);
  }
  const ref = `mml-2026.${slug}`;
  await switchLeaderboard(db, instructor, await findAssignment(db, instructor, ref), true);
  await showMyName(db, other, await findAssignment(db, other, ref), true);
}
