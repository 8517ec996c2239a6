// Named mistakes on a report, who is told of them, and the page of an assignment's mistakes.
import { AxeBuilder } from "@axe-core/playwright";
import { and, eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { assignments } from "../../src/assignments/tables.ts";
import { recordDiagnoses } from "../../src/grading/diagnoses.ts";
import { attempts } from "../../src/grading/tables.ts";
import type { DiagnosisReaders } from "../../src/judge/suite.ts";
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
    await page.locator("#known a").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/beside");
    expect(await page.locator(".code-view").count()).toBeGreaterThanOrEqual(2);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  test("students see neither page", async () => {
    const page = await site.as("student");
    for (const path of ["/assignments/mml-2026.hw4-dtw/mistakes", `${report}/beside`])
      expect((await page.goto(path))!.status()).toBe(404);
  });
});
