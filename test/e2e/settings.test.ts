// An assignment is made, changed and opened in the browser; what cannot be used is said beside its field.
import { expect, test } from "vitest";
import { findAssignment } from "../../src/assignments/assignments.ts";
import { inBrowser } from "./site.ts";

inBrowser("settings", (site) => {
  const stored = async (slug: string) => {
    const { db } = site.server.services;
    return (await findAssignment(db, site.world.people.instructor, `mml-2026.${slug}`)).assignment;
  };

  test("an assignment is made, with dates in the course's zone", async () => {
    const page = await site.as("instructor");
    await page.goto("/courses/mml-2026");
    await page.getByRole("link", { name: "New assignment" }).click();
    await page.fill("#setting-slug", "hw7");
    await page.fill("#setting-title-en", "Seventh");
    await page.fill("#setting-title-zh", "第七次");
    await page.fill("#setting-dueAt", "2027-01-10T23:59");
    await page.fill("#setting-attemptsTotal", "12");
    await page.selectOption("#setting-counting", "best");
    await page.getByRole("button", { name: "Make the assignment" }).click();
    await page.getByText("It is a draft until you open it").waitFor();
    expect(await page.inputValue("#setting-dueAt")).toBe("2027-01-10T23:59");
    expect(await stored("hw7")).toMatchObject({
      ...{ state: "draft", dueAt: new Date("2027-01-10T15:59Z"), attemptsTotal: 12, counting: "best" },
      ...{ lateLastDay: 0, graceSeconds: 0, attemptsPerDay: null },
    });
  });

  test("it opens only with a suite, and says so without losing what was typed", async () => {
    const page = await site.as("instructor");
    await page.goto("/assignments/mml-2026.draft/settings");
    await page.fill("#setting-title-en", "Final project 2026");
    await page.selectOption("#setting-state", "open");
    await page.getByRole("button", { name: "Save the settings" }).click();
    await page.getByRole("alert").getByText("opens with a published suite version").waitFor();
    expect(await page.inputValue("#setting-title-en")).toBe("Final project 2026");
    expect((await stored("draft")).title.en).toBe("Final project");
    await page.selectOption("#setting-suite", { label: "hw4-dtw, version 1" });
    await page.getByRole("button", { name: "Save the settings" }).click();
    await page.getByText("The settings are saved.").waitFor();
    expect(await stored("draft")).toMatchObject({ state: "open", title: { en: "Final project 2026" } });
  });

  test("by keyboard, without scripts and in Chinese", async () => {
    const page = await site.as("instructor", { lang: "zh", scripts: false });
    await page.goto("/assignments/mml-2026.hw3-em/settings");
    await page.focus("#setting-graceSeconds");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("15");
    await page.keyboard.press("Enter");
    await page.getByText("设置已保存。").waitFor();
    expect((await stored("hw3-em")).graceSeconds).toBe(900);
  });

  test("crossed dates are refused, and a teaching assistant changes nothing", async () => {
    const page = await site.as("instructor");
    await page.goto("/assignments/mml-2026.hw4-dtw/settings");
    await page.fill("#setting-opensAt", "2030-01-01T00:00");
    await page.getByRole("button", { name: "Save the settings" }).click();
    await page.getByRole("alert").getByText("The due date is before the opening").waitFor();
    const ta = await site.as("ta");
    const answer = await ta.goto("/assignments/mml-2026.hw4-dtw/settings");
    expect(answer?.status()).toBe(403);
  });
});
