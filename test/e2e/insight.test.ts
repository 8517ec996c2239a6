// How a course goes: the page that staff look at, in figures that follow from what was handed in.
import { AxeBuilder } from "@axe-core/playwright";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { assignments } from "../../src/assignments/tables.ts";
import { findCourse } from "../../src/courses/courses.ts";
import { finishGrading } from "../support/web-gradings.ts";
import { resultsFor } from "../support/web-results.ts";
import { handIn } from "../support/web-world.ts";
import { inBrowser } from "./site.ts";

const address = "/courses/mml-2026/insight?assignment=hw4-dtw";

inBrowser("insight", (site) => {
  test("shows by test, by mistake and over time, by keyboard, without a fault that axe knows", async () => {
    const page = await site.as("ta");
    await page.goto("/courses/mml-2026");
    await page.getByRole("link", { name: "Insight" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/insight");
    await page.goto(address);
    // Two students' submissions count: one is right in all, the other in some.
    const row = page.locator("#items tbody tr", { hasText: "Window: each width" });
    expect(await row.innerText()).toMatch(/1 \/ 2\s+0\.50\s+1\.00/);
    expect(await page.locator("#tests-by-day tbody tr").count()).toBe(14);
    expect(await page.locator("#starts tbody").textContent()).toMatch(/> 2 d2/);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  test("says in Chinese who has not begun and who is stuck, with a letter to all of them", async () => {
    const { services } = site.server;
    await services.db
      .update(assignments)
      .set({ attemptsTotal: null, attemptsPerDay: null })
      .where(eq(assignments.slug, "hw4-dtw"));
    for (let time = 0; time < 4; time++) {
      const id = await handIn(services, site.world.people.student, "hw4-dtw", "graders/hw4-dtw/starter");
      await finishGrading(services, id, resultsFor("starter"));
    }
    const page = await site.as("instructor", { lang: "zh" });
    await page.goto(address);
    expect(await page.locator("#not-started li").count()).toBe(3);
    const letter = await page.locator("#not-started .btn").getAttribute("href");
    expect(decodeURIComponent(letter!)).toMatch(/bcc=.*third@assay\.example/);
    expect(await page.locator("#stuck li").innerText()).toMatch(/林同学（示例）\s+6 次/);
  });

  test("keeps names from whoever grades without them, and all of it from students", async () => {
    const { db } = site.server.services;
    const set = (blind: boolean) =>
      db.update(assignments).set({ blind }).where(eq(assignments.slug, "hw4-dtw"));
    await set(true);
    const page = await site.as("ta");
    await page.goto(address);
    expect(await page.locator("#stuck").count()).toBe(0);
    expect(await page.locator("main").innerText()).not.toMatch(/林同学/);
    await set(false);
    const student = await site.as("student");
    expect((await student.goto(address))!.status()).toBe(404);
    const { course } = await findCourse(db, site.world.people.student, "mml-2026");
    await student.goto(`/courses/${course.slug}`);
    expect(await student.getByRole("link", { name: "Insight" }).count()).toBe(0);
  });
});
