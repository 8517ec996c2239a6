// An assignment's figures: what they say is what the rows say, for whoever looks and for whoever reads.
import { expect, test } from "vitest";
import { inBrowser } from "./site.ts";

inBrowser("statistics", (site) => {
  test("points, tests from the hardest on, days and attempts stand in figures and in tables", async () => {
    const page = await site.as("ta");
    await page.goto("/assignments/mml-2026.hw4-dtw/statistics");
    expect(await page.locator("#points").innerText()).toContain("Graded: 2 of 5");
    const tests = await page.$$eval("#tests tbody tr", (rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent!.trim())),
    );
    expect(tests).toHaveLength(14);
    const passed = tests.map(([, cell]) => Number(cell!.split(" / ")[0]) / Number(cell!.split(" / ")[1]));
    expect(passed).toEqual([...passed].sort((a, b) => a - b));
    // Two handed in twice each.
    await page.locator("#attempts summary").click();
    expect(await page.locator("#attempts tbody").innerText()).toMatch(/1\s+0\s+2\s+2/);
    await page.locator("#days summary").click();
    expect(await page.locator("#days tbody").innerText()).toMatch(/\s4$/);
    expect(await page.getByRole("img").count()).toBe(3);
  });

  test("students see none", async () => {
    const page = await site.as("student");
    expect((await page.goto("/assignments/mml-2026.hw4-dtw/statistics"))!.status()).toBe(404);
  });
});
