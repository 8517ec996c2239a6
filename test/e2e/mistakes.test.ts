// Named mistakes on a report, who is told of them, and the page of an assignment's mistakes.
import { AxeBuilder } from "@axe-core/playwright";
import { and, eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { auditLog } from "../../src/accounts/tables.ts";
import { assignments } from "../../src/assignments/tables.ts";
import { recordDiagnoses } from "../../src/grading/diagnoses.ts";
import { finishAttempt } from "../../src/grading/results.ts";
import { attempts } from "../../src/grading/tables.ts";
import type { DiagnosisReaders } from "../../src/judge/suite.ts";
import { lineComments } from "../../src/review/tables.ts";
import { rubricGrades } from "../../src/submissions/tables.ts";
import { suiteVersions } from "../../src/suites/tables.ts";
import { versionFiles } from "../../src/suites/version-files.ts";
import { reportWith, startGrading } from "../support/web-gradings.ts";
import { resultsFor } from "../support/web-results.ts";
import { handIn } from "../support/web-world.ts";
import { inBrowser } from "./site.ts";

const diagnosis = {
  mutant: "no-diagonal",
  title: { en: "No diagonal step", zh: "没有对角步" },
  hint: { en: "Which three cells can come before (i, j)?", zh: "(i, j) 之前可以是哪三个格子？" },
  evidence: { calls: 4, differing: 3, function: "dtw.dtw" },
  others: [],
};

inBrowser("mistakes", (site) => {
  let report = "";

  /** Who is told of the mistakes of hw4-dtw. */
  const tell = (diagnosisReaders: DiagnosisReaders | null) =>
    site.server.services.db
      .update(assignments)
      .set({ diagnosisReaders })
      .where(eq(assignments.slug, "hw4-dtw"));

  const commentsOf = async (path: string) => {
    const id = path.split("/").at(-1)!;
    const { db } = site.server.services;
    const rows = await db.select().from(lineComments).where(eq(lineComments.submissionId, id));
    return rows.map(({ line, text }) => [line, text]);
  };
  const gradeOf = async (id: string) => {
    const { db } = site.server.services;
    const its = and(eq(rubricGrades.submissionId, id), eq(rubricGrades.item, "method"));
    return (await db.select().from(rubricGrades).where(its))[0];
  };

  beforeAll(async () => {
    const { finished } = site.world.submissions;
    report = `/submissions/${finished}`;
    const [attempt] = await site.worker.db
      .select({ id: attempts.id, subject: attempts.subject })
      .from(attempts)
      .where(and(eq(attempts.subject, finished), eq(attempts.run, "submit"), eq(attempts.isFinal, true)));
    // With what a worker may do.
    await recordDiagnoses(site.worker.db, attempt!, [
      { test: "test_textbook_examples", diagnosis },
      {
        test: "test_accumulated_costs",
        diagnosis: { ...diagnosis, mutant: "greedy", others: ["zero-border"] },
      },
    ]);
  });

  test("staff see the name, what speaks for it, and what answers alike", async () => {
    await tell("staff");
    const page = await site.as("ta");
    await page.goto(report);
    expect(await page.locator("#test-test_textbook_examples aside").innerText()).toContain(
      "No diagonal step",
    );
    expect(await page.locator("#test-test_accumulated_costs aside").innerText()).toContain("zero-border");
  });

  test.each<[DiagnosisReaders | null, number]>([
    ["staff", 0],
    ["after_attempts", 1],
    [null, 1],
    ["at_once", 1],
  ])("a student who failed twice, by the setting %s, sees %i", async (who, count) => {
    await tell(who);
    const page = await site.as("student", { lang: "zh" });
    await page.goto(report);
    expect(await page.locator("#report aside").count()).toBe(count);
    if (count > 0) expect(await page.locator("#report aside").innerText()).toContain("没有对角步");
    const api = await page.request.get(`/api/v1${report}/report`);
    expect((await api.text()).includes("no-diagonal")).toBe(count > 0);
  });

  test("the page of mistakes leads by keyboard to one beside the reference", async () => {
    const page = await site.as("ta");
    await page.goto("/assignments/mml-2026.hw4-dtw/mistakes");
    expect(await page.locator("#known tbody tr").count()).toBe(1);
    expect(await page.locator("#known tbody").innerText()).toMatch(/No diagonal step/);
    expect(await page.locator("#unknown li").count()).toBeGreaterThan(0);
    await page.getByRole("link", { name: "Beside the reference: No diagonal step" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/beside");
    expect(await page.locator(".code-view").count()).toBeGreaterThanOrEqual(2);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  test("one comment for a whole group, by keyboard: shown, given, taken back", async () => {
    const page = await site.as("ta");
    await page.goto("/assignments/mml-2026.hw4-dtw/mistakes");
    await page.getByRole("link", { name: "The whole group: No diagonal step" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/mistakes\/[0-9a-f]{16}/);
    expect(await page.locator("#members li").count()).toBe(1);
    // Where the mistake shows first is filled in already.
    expect(await page.locator("#comment input[name=near]").inputValue()).toBe("def dtw(");
    await page.locator("#comment button").focus();
    await page.keyboard.press("Enter");
    await page.locator("#preview").waitFor();
    expect(await page.locator("#preview tbody").innerText()).toMatch(/on line 24/);
    expect(await commentsOf(report)).toEqual([]);
    const shown = await new AxeBuilder({ page }).analyze();
    expect(shown.violations.map(({ id }) => id)).toEqual([]);
    await page.locator("#preview button").focus();
    await page.keyboard.press("Enter");
    await page.locator("#marks li").waitFor();
    expect(await commentsOf(report)).toEqual([[24, diagnosis.hint.en]]);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.locator("#marks button").focus();
    await page.keyboard.press("Enter");
    await page.getByText("Taken back.").waitFor();
    expect(await commentsOf(report)).toEqual([]);
  });

  test("one rubric item for a whole group, in Chinese: what is there stays unless it is to be replaced", async () => {
    const page = await site.as("ta", { lang: "zh" });
    await page.goto("/assignments/mml-2026.hw2-cnn/mistakes");
    await page.locator("#unknown a").first().click();
    await page.locator("#item select").selectOption("method");
    const { reviewed } = site.world.reviewed;
    const before = await gradeOf(reviewed);
    await page.locator("#item input[name=points]").fill("1.5");
    await page.locator("#item button").click();
    expect(await page.locator("#preview tbody").innerText()).toMatch(/已有评分/);
    expect(await page.locator("#preview button").count()).toBe(0);
    await page.locator("#item input[name=replace]").check();
    await page.locator("#item button").click();
    await page.locator("#preview button").click();
    await page.locator("#marks li").waitFor();
    expect(await gradeOf(reviewed)).toMatchObject({ points: 150, version: before!.version + 1 });
    await page.locator("#marks button").click();
    await page.getByText("已撤销。").waitFor();
    const { points, comment, gradedBy } = before!;
    expect(await gradeOf(reviewed)).toMatchObject({ points, comment, gradedBy });
    const log = await site.server.services.db
      .select({ action: auditLog.action })
      .from(auditLog)
      .where(and(eq(auditLog.subjectId, reviewed), sql`detail ? 'group'`));
    expect(log.map(({ action }) => action)).toEqual(["review.graded", "review.graded"]);
  });

  test("what somebody decides after the preview is not written over", async () => {
    const page = await site.as("ta");
    await page.goto("/assignments/mml-2026.hw2-cnn/mistakes");
    await page.locator("#unknown a").first().click();
    await page.locator("#item select").selectOption("method");
    await page.locator("#item input[name=points]").fill("1");
    await page.locator("#item input[name=replace]").check();
    await page.locator("#item button").click();
    const { db } = site.server.services;
    const theirs = { points: 345, version: 77 };
    const its = eq(rubricGrades.submissionId, site.world.reviewed.reviewed);
    await db
      .update(rubricGrades)
      .set(theirs)
      .where(and(its, eq(rubricGrades.item, "method")));
    await page.locator("#preview button").click();
    await page.getByRole("alert").waitFor();
    expect(await gradeOf(site.world.reviewed.reviewed)).toMatchObject(theirs);
  });

  test("a mistake without a name becomes a mutant of a draft, without comments", async () => {
    const page = await site.as("instructor");
    await page.goto("/assignments/mml-2026.hw4-dtw/mistakes");
    await page.locator("#unknown a").first().click();
    await page
      .locator("#members")
      .getByRole("link", { name: /Save as/ })
      .first()
      .click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    const fill = (name: string, text: string) => page.locator(`[name=${name}]`).fill(text);
    await fill("name", "rolling-row");
    for (const name of ["title-en", "title-zh", "hint-en", "hint-zh"]) await fill(name, `${name} 行`);
    await page.locator("[name=read]").check();
    await page.locator("#words button").click();
    await page.waitForURL("**/suite-versions/*");
    const id = page.url().split("/").at(-1)!;
    const { blobs, db } = site.server.services;
    const [version] = await db.select().from(suiteVersions).where(eq(suiteVersions.id, id));
    expect(version!.state).toBe("registered");
    const suite = await versionFiles(blobs, version!);
    expect(suite.mutants.find(({ name }) => name === "rolling-row")).toMatchObject({
      title: { en: "title-en 行" },
      fails: expect.arrayContaining(["test_cheapest_of_all_paths"]),
    });
    const code = suite.files.find(({ path }) => path === "mutants/rolling-row/dtw.py")!.bytes.toString();
    expect(code).toMatch(/def dtw\(/);
    expect(code).not.toMatch(/#|"""/);
  });

  test("students see none of these pages", async () => {
    const page = await site.as("student");
    const group = "/assignments/mml-2026.hw4-dtw/mistakes/0123456789abcdef";
    for (const path of [
      "/assignments/mml-2026.hw4-dtw/mistakes",
      `${report}/beside`,
      group,
      `${group}/mutant`,
    ])
      expect((await page.goto(path))!.status()).toBe(404);
  });

  // The last: it hands in once more.
  test("whoever has the report open sees the name come, on the same page", async () => {
    await tell("at_once");
    const { services } = site.server;
    const { db, queue } = services;
    const hw4 = eq(assignments.slug, "hw4-dtw");
    await db.update(assignments).set({ attemptsTotal: null, attemptsPerDay: null }).where(hw4);
    const id = await handIn(services, site.world.people.student, "hw4-dtw", "graders/hw4-dtw/starter");
    const page = await site.as("student");
    await page.goto(`/submissions/${id}`);
    await page.evaluate(() => document.documentElement.setAttribute("data-kept", "yes"));
    const attempt = await startGrading(services, id);
    await finishAttempt(db, queue, attempt.token, reportWith(attempt, resultsFor("starter")), true);
    await page.getByText("Known mistakes are being compared").waitFor();
    expect(await page.locator("#report aside").count()).toBe(0);
    await recordDiagnoses(site.worker.db, attempt, [{ test: "test_textbook_examples", diagnosis }]);
    await page.locator("#test-test_textbook_examples aside", { hasText: diagnosis.title.en }).waitFor();
    expect(await page.getByText("Known mistakes are being compared").count()).toBe(0);
    expect(await page.locator("html").getAttribute("data-kept")).toBe("yes");
  });
});
