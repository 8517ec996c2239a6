// Even grading in the browser, in both languages: work dealt out, two people on one item, the running total, another
// worth of an item after a look, the second marker.
import { expect, test } from "vitest";
import { findReview, gradeItem } from "../../src/review/review.ts";
import { faultsOf } from "./faults.ts";
import { inBrowser } from "./site.ts";

inBrowser("marking", (site) => {
  const marking = "/assignments/mml-2026.hw2-cnn/marking";
  const review = () => `/submissions/${site.world.reviewed.ungraded}/review?path=cnn.py`;

  test("an instructor deals work out with the keyboard, and the progress shows it", async () => {
    const page = await site.as("instructor", { lang: "zh" });
    await page.goto(marking);
    await page.getByLabel("Tina Assistant").focus();
    await page.keyboard.press("Space");
    await page.getByLabel("Grace Grader").focus();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "分配任务" }).focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    await page.getByText("任务已分配。").waitFor();
    const table = await page.locator("#progress table").innerText();
    expect(table).toMatch(/Tina Assistant/);
    expect(table).toMatch(/Grace Grader/);
  });

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

  test("another worth is looked at, applied and taken back", async () => {
    const page = await site.as("instructor", { lang: "zh" });
    await page.goto(`${marking}?item=method&points=4`);
    expect(await page.locator("#preview").innerText()).toMatch(/变化：2/);
    await page.locator("#preview").getByLabel("理由").fill("分值偏高");
    await page.keyboard.press("Enter");
    await page.getByText("该评分项已按新分值计分。").waitFor();
    await page.getByRole("button", { name: "撤销最近一次修改" }).click();
    await page.getByText("已撤销").waitFor();
  });

  test("the second marker sees no first grade, and the agreement is shown", async () => {
    const lead = await site.as("instructor");
    await lead.goto(marking);
    await lead.fill("#how input[name=percent]", "100");
    await lead.locator("#how").getByRole("button", { name: "Save" }).click();
    await lead.getByText("Saved.").waitFor();
    const page = await site.as("ta");
    await page.goto(marking);
    await page.locator("#second a").first().click();
    expect(await page.locator("main").innerText()).not.toContain("Clear, with honest measurements.");
    for (const input of await page.locator("#rubric input").all()) await input.fill("3");
    await page.getByRole("button", { name: "Save my marks" }).click();
    await page.locator("#second").getByText("marked twice").waitFor();
    expect(await page.locator("#agreement table").innerText()).toMatch(/Weighted kappa/);
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
