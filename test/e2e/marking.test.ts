// Two people on one item, the running total, and the pages of even grading on a phone. Work dealt out, another worth of an
// item and the second marker are walked in course-life.test.ts.
import { expect, test } from "vitest";
import { findReview, gradeItem } from "../../src/review/review.ts";
import { faultsOf } from "./faults.ts";
import { inBrowser } from "./site.ts";

inBrowser("marking", (site) => {
  const marking = "/assignments/mml-2026.hw2-cnn/marking";
  const review = () => `/submissions/${site.world.reviewed.ungraded}/review?path=cnn.py`;

  test("whoever is later on an item sees what stands there, keeps what they typed, and saves on purpose", async () => {
    const { db } = site.server.services;
    const page = await site.as("ta");
    await page.goto(review());
    const running = page.locator("#running");
    expect(await running.innerText()).toMatch(/Running total: 0 of/);
    expect(await running.innerText()).toContain("Not yet addressed");
    const access = await findReview(db, site.world.people.grader, site.world.reviewed.ungraded);
    await gradeItem(db, site.world.people.grader, access, { item: "method", points: "6", comment: "Clear." });
    await page.fill("#item-method input[name=points]", "4.5");
    await page.fill("#item-method textarea", "I see it otherwise.");
    const [answer] = await Promise.all([page.waitForNavigation(), page.click("#item-method button")]);
    expect(answer!.status()).toBe(409);
    expect(await page.locator("#item-method").innerText()).toContain("Grace Grader gave 6: “Clear.”");
    expect(await page.inputValue("#item-method input[name=points]")).toBe("4.5");
    expect(await page.inputValue("#item-method textarea")).toBe("I see it otherwise.");
    await Promise.all([page.waitForNavigation(), page.click("#item-method button")]);
    expect(await running.innerText()).toMatch(/Running total: 4\.5 of/);
  });

  test.each(["light", "dark"] as const)(
    "axe finds nothing in the %s, nor is it wider than a phone",
    async (theme) => {
      const look = {
        theme,
        width: 390,
        height: 844,
        lang: theme === "dark" ? ("zh" as const) : ("en" as const),
      };
      const page = await site.as("instructor", look);
      for (const path of [
        `${marking}?item=method&points=4`,
        `/submissions/${site.world.reviewed.ungraded}/second`,
      ]) {
        await page.goto(path);
        expect([path, await faultsOf(page)]).toEqual([path, []]);
        expect([path, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, 390]);
        if (process.env.MARKING_PICTURES) {
          const name = `${process.env.MARKING_PICTURES}/${theme}-${path.includes("second") ? "second" : "marking"}.png`;
          await page.screenshot({ path: name, fullPage: true });
        }
      }
    },
  );
});
