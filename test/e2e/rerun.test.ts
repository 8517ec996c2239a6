// Grading again in the browser: watched while it runs, compared, accepted; by mouse and by keyboard.
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { ClaimedAttempt } from "../../src/grading/attempts.ts";
import { Worker } from "../../src/grading/worker.ts";
import { reportOf } from "../support/attempts.ts";
import { testLanes, testLog } from "../support/database.ts";
import { finishGrading } from "../support/web-gradings.ts";
import { resultsFor } from "../support/web-results.ts";
import { handIn } from "../support/web-world.ts";
import { faultsOf } from "./faults.ts";
import { inBrowser } from "./site.ts";

const START = "/assignments/mml-2026.hw3-em/rerun";

inBrowser("re-runs", (site) => {
  const workers: Worker[] = [];
  let go = () => {};
  afterEach(async () => {
    go();
    await Promise.all(workers.splice(0).map((worker) => worker.drain()));
  });

  /** A worker that gives each what `kindOf` says, the second and later ones when they are told to go on. */
  async function work(kindOf: (subject: string) => "starter" | "mixed" | "all-right"): Promise<void> {
    const { queue } = site.server.services;
    const told = new Promise<void>((resolve) => {
      go = resolve;
    });
    let begun = 0;
    const grade = async ({ subject, run }: ClaimedAttempt) => {
      if (run !== "submit" && ++begun > 1) await told;
      await pause(10);
      return reportOf(resultsFor(kindOf(subject)));
    };
    const database = site.worker;
    const options = { database, queue, grade, lanes: testLanes, slots: 2, teamSlots: 2, log: testLog };
    workers.push(await Worker.start(options));
  }

  test("all are graded again while one watches, compared and accepted; then every page shows it", async () => {
    const { services } = site.server;
    const { other } = site.world.people;
    const others = await handIn(services, other, "hw3-em", "graders/hw4-dtw/alternatives/loops");
    await finishGrading(services, others, resultsFor("mixed"));
    const page = await site.as("instructor");
    await page.goto("/assignments/mml-2026.hw3-em/submissions");
    await page.getByRole("link", { name: "Re-run submissions" }).click();
    await page.getByLabel("All of them").check();
    await page.fill("#rerun-reason", "a wrong tolerance");
    await page.getByRole("button", { name: "Start the re-run" }).click();
    await page.getByText("0 of 2 have been graded again").waitFor();
    await page.evaluate(() => document.body.setAttribute("data-same-page", "yes"));
    await work((subject) => (subject === others ? "all-right" : "mixed"));
    await page.getByText("1 of 2 have been graded again").waitFor();
    expect(await page.getByRole("button", { name: "Let the new scores count" }).count()).toBe(0);
    go();
    await page.getByText("2 of 2 have been graded again").waitFor();
    expect(await page.locator("body").getAttribute("data-same-page")).toBe("yes");
    expect(await faultsOf(page)).toEqual([]);
    const row = (name: string) => page.locator("#scores tbody tr", { hasText: name });
    expect(await row("林同学").innerText()).toMatch(/54 \/ 54\s+23\.5 \/ 54\s+lower\s+−30\.5/);
    expect(await row("Omar").innerText()).toMatch(/23\.5 \/ 54\s+54 \/ 54\s+higher\s+\+30\.5/);
    const student = await site.as("student");
    await student.goto(`/submissions/${site.world.submissions.late}`);
    expect(await student.locator("#report").innerText()).not.toContain("out of time");
    await page.getByLabel("As computed: 1 rise, 1 fall").check();
    await page.getByRole("button", { name: "Let the new scores count" }).click();
    await page.getByText("The new scores count now.").waitFor();
    await student.reload();
    expect(await student.locator("#report").innerText()).toContain("out of time");
    await page.getByRole("link", { name: "林同学（示例）", exact: true }).click();
    expect(await page.locator("#report").innerText()).toContain("23.5 / 54");
  }, 90_000);

  test("by keyboard, without scripts and in Chinese: never lower, and then taken back", async () => {
    const page = await site.as("instructor", { lang: "zh", scripts: false });
    await page.goto(START);
    await page.locator("#rerun-reason").focus();
    await page.keyboard.type("环境有误");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/reruns/*");
    go();
    await work(() => "starter");
    go();
    await page.getByText("进行中").waitFor();
    for (let tries = 0; tries < 100 && (await page.locator("#decide").count()) === 0; tries++) {
      await pause(100);
      await page.reload();
    }
    const scores = await page.locator("#scores tbody").innerText();
    expect(scores).toMatch(/54 \/ 54\s+0 \/ 54\s+降低\s+−54/);
    await page.locator("input[value=never_lower]").focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await page.getByText("新分数已生效。").waitFor();
    await page.getByRole("button", { name: "撤销" }).press("Enter");
    await page.getByText("已恢复为之前的结果。").waitFor();
  }, 90_000);

  test("a teaching assistant has one graded again, sees its tests side by side and accepts", async () => {
    const { finished } = site.world.submissions;
    const page = await site.as("ta");
    await page.goto(`/submissions/${finished}`);
    await page.getByLabel("Why (kept in the audit log)").fill("the machine was slow");
    await page.getByRole("button", { name: "Grade again" }).click();
    await page.getByText("0 of 1 have been graded again").waitFor();
    await work(() => "all-right");
    go();
    const row = page.locator("#tests tr", { hasText: "Warped series" }).first();
    await row.waitFor();
    expect(await page.locator("#tests tbody tr[data-change=higher]").count()).toBeGreaterThan(0);
    expect(await page.locator("#tests tbody tr[data-change=lower]").count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    const student = await site.as("student");
    await student.goto(`/submissions/${finished}`);
    expect(await student.locator("#report").innerText()).not.toContain("54 / 54");
    expect(await student.locator("#rerun-one").count()).toBe(0);
    await page.getByRole("button", { name: "Let the new scores count" }).click();
    await page.getByText("The new scores count now.").waitFor();
    await page.goto(`/submissions/${finished}`);
    expect(await page.locator("#report").innerText()).toContain("54 / 54");
    expect(await page.locator("#rerun-one").innerText()).toMatch(/the machine was slow\s+accepted/);
  }, 60_000);

  test("a preview that is no longer true is refused, and the scores are shown anew", async () => {
    const page = await site.as("instructor");
    await page.goto(`/reruns/${site.world.staff.rerun}`);
    await page.locator("input[name=preview]").evaluate((field) => {
      (field as unknown as { value: string }).value = "another";
    });
    await page.getByRole("button", { name: "Let the new scores count" }).click();
    await page.getByText("Results changed since you looked").waitFor();
    await page.getByRole("button", { name: "Let the new scores count" }).click();
    await page.getByText("The new scores count now.").waitFor();
  });

  test("a teaching assistant looks and decides nothing; a student sees nothing of it", async () => {
    const ta = await site.as("ta");
    await ta.goto(`/reruns/${site.world.staff.rerun}`);
    expect(await ta.locator("main form").count()).toBe(0);
    const student = await site.as("student");
    expect((await student.goto(`/reruns/${site.world.staff.rerun}`))?.status()).toBe(404);
  });
});
