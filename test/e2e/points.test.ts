// What tests are worth, changed over stored results: looked at first, applied, undone; by mouse and by keyboard.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { inBrowser } from "./site.ts";

const POINTS = "/assignments/mml-2026.hw4-dtw/points";
const main = (page: Page) => page.locator("main").innerText();

inBrowser("what tests are worth", (site) => {
  const total = async (page: Page) => {
    await page.goto(`/submissions/${site.world.submissions.finished}`);
    return page.locator("table", { hasText: "How it adds up" }).locator("tfoot td").innerText();
  };

  test("a preview says who changes how, and nothing changes before it is applied", async () => {
    const student = await site.as("student");
    const before = await total(student);
    const page = await site.as("admin");
    await page.goto(POINTS);
    await page.selectOption("[id='how-test_window_distance']", "full");
    await page.selectOption("[id='how-test_nan_is_refused']", "drop");
    await page.fill("[id='worth-test_textbook_examples']", "6");
    await page.getByRole("button", { name: "Look who changes how" }).click();
    const said = await page.locator("#preview").innerText();
    const [, results] = /Results: (\d+); more points: \1; fewer: 0/.exec(said) ?? [];
    expect(Number(results), said).toBeGreaterThan(1);
    expect(await page.locator("#preview tbody tr").count()).toBe(Number(results));
    expect(await total(student)).toBe(before);
    await page.fill("#worth-reason", "the window was not in the sheet");
    await page.getByRole("button", { name: "Change the points" }).click();
    expect(await main(page)).toContain("The points are changed.");
    expect(await page.locator("#sets").innerText()).toMatch(/Change 1.*in force/s);
    const after = await total(student);
    expect(after).not.toBe(before);

    await page.getByRole("button", { name: "Undo change 1" }).click();
    expect(await main(page)).toContain("The change is undone.");
    expect(await total(student)).toBe(before);
  });

  test("by keyboard, in Chinese, and what cannot be read is said", async () => {
    const page = await site.as("admin", { lang: "zh" });
    await page.goto(POINTS);
    await page.locator("#bands").focus();
    await page.keyboard.type("test_window_distance accuracy 0.5");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("test_window_distance accuracy 0.5");
  });

  test("a teaching assistant sees the changes and makes none", async () => {
    const page = await site.as("ta");
    await page.goto(POINTS);
    expect(await page.locator("#sets").innerText()).toContain("Change 1");
    expect(await page.locator("form[action*=points]").count()).toBe(0);
    const student = await site.as("student");
    expect((await student.goto(POINTS))!.status()).toBe(404);
  });
});
