// Reviewing in the browser, by keyboard: rubric, adjustment, a comment on a line; and who may not.
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { changeAssignment } from "../../src/assignments/assignments.ts";
import { findReview, viewReview } from "../../src/review/review.ts";
import { findSubmission } from "../../src/submissions/submissions.ts";
import { submissions } from "../../src/submissions/tables.ts";
import { suiteVersions } from "../../src/suites/tables.ts";
import { handIn } from "../support/web-world.ts";
import { faultsOf } from "./faults.ts";
import { inBrowser } from "./site.ts";

inBrowser("reviewing", (site) => {
  const address = () => `/submissions/${site.world.submissions.finished}/review`;

  // The world's suite has no rubric of its own.
  beforeAll(async () => {
    const rubric = [
      { id: "clarity", title: { en: "Clarity", zh: "清晰" }, points: 5 },
      { id: "method", title: { en: "Method", zh: "方法" }, points: 7.5 },
    ];
    const { db } = site.server.services;
    await db.update(suiteVersions).set({ config: sql`config || ${JSON.stringify({ rubric })}::jsonb` });
  });

  test("number keys and Enter grade the rubric, and the sum adds up", async () => {
    const page = await site.as("ta");
    await page.goto(address());
    for (const [key, points] of [
      ["1", "4"],
      ["2", "7.5"],
    ] as const) {
      await page.keyboard.press(key);
      await page.keyboard.type(points);
      await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    }
    await page.keyboard.press("a");
    await page.keyboard.type("-2.5");
    await page.keyboard.press("Tab");
    await page.keyboard.type("=copied a line");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    const sum = await page.locator("#total").innerText();
    expect(sum).toMatch(/Rubric\s+11\.5 \/ 12\.5/);
    expect(sum).toMatch(/=copied a line \(Tina Assistant\)\s+−2\.5/);
    expect(sum).toMatch(/Counts\s+32\.5 \/ 66\.5/);
  });

  test("a line gets a comment, which its author takes away again", async () => {
    const page = await site.as("ta");
    await page.goto(`${address()}?path=dtw.py`);
    await page.fill("input[name=line]", "3");
    await page.fill("#comments textarea", "<b>Why</b> this?");
    await page.getByRole("button", { name: "Comment on a line" }).click();
    await page.locator("#comments").getByText("<b>Why</b> this?").waitFor();
    await page.getByRole("button", { name: "Delete the comment on line 3" }).click();
    await page.getByText("No comments on this file yet").waitFor();
  });

  test("a kept comment is put where the reviewer last wrote", async () => {
    const page = await site.as("ta");
    await page.goto(address());
    await page.fill("#bank textarea", "Name your source.");
    await page.locator("#bank").getByRole("button", { name: "Keep it" }).click();
    await page.fill("#item-method textarea", "Well done.");
    await page.locator("#bank").getByRole("button", { name: "Use" }).click();
    expect(await page.inputValue("#item-method textarea")).toBe("Well done. Name your source.");
    const grader = await site.as("admin");
    await grader.goto(address());
    await grader.getByText("Keep sentences that you use again").waitFor();
  });

  test("a student reads items, comments and remarks on lines once results are out", async () => {
    const { reviewed } = site.world.reviewed;
    const page = await site.as("student");
    await page.goto(`/submissions/${reviewed}`);
    const card = page.locator("#reviewed");
    expect(await card.innerText()).toContain("Clear, with honest measurements.");
    await card.getByRole("link", { name: "cnn.py, Line 12" }).click();
    expect(await page.locator(".code-note").innerText()).toContain("no copy is needed");
    await page.goto(`/submissions/${site.world.submissions.finished}`);
    expect(await page.locator("#reviewed").count()).toBe(0);
  });

  test("report.pdf is drawn in a frame that can reach nothing, and a page of it is commented", async () => {
    const page = await site.as("ta");
    const said: string[] = [];
    page.on("console", (line) => line.type() === "error" && said.push(line.text()));
    await page.goto(`/submissions/${site.world.reviewed.ungraded}/review?path=report.pdf`);
    await page.locator("iframe[data-drawn]").waitFor();
    const frame = page.frames().find((one) => one.url().endsWith("/pdf-frame"))!;
    const inked = await frame.evaluate(() => {
      const canvas = document.querySelector("canvas")!;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, at) => at % 4 < 3 && value < 128);
    });
    expect(inked).toBe(true);
    const reach = await frame.evaluate(async () => [
      self.origin,
      await fetch("/api/v1/me").then(
        () => "reached",
        () => "refused",
      ),
    ]);
    expect(reach).toEqual(["null", "refused"]);
    // What was tried above is all that the console may complain of.
    expect(said.filter((line) => !line.includes("/api/v1/me"))).toEqual([]);
    await frame.locator("button").first().click();
    expect(await page.inputValue("#comments input[name=line]")).toBe("1");
    await page.fill("#comments textarea", "Label the axes.");
    await page.getByRole("button", { name: "Comment on a line" }).click();
    await page.getByRole("link", { name: "Page 1" }).waitFor();
  });

  test("more points than an item has are refused in words", async () => {
    const page = await site.as("ta");
    await page.goto(address());
    await page.fill("#item-clarity input[name=points]", "5.01");
    await page.click("#item-clarity button");
    expect(await page.locator("main").innerText()).toContain("Give between 0 and 5 points");
  });

  test("students, strangers and whoever handed it in do not review it", async () => {
    for (const role of ["student", "stranger"] as const) {
      const page = await site.as(role);
      expect((await page.goto(address()))!.status()).toBe(404);
    }
    const { services } = site.server;
    const mine = await handIn(services, site.world.people.ta, "hw4-dtw", "graders/hw4-dtw/reference");
    const ta = await site.as("ta");
    expect((await ta.goto(`/submissions/${mine}/review`))!.status()).toBe(403);
    await expect(findReview(services.db, site.world.people.ta, mine)).rejects.toThrow("your own name");
    await services.db.delete(submissions).where(eq(submissions.id, mine));
  });

  test("a student's view of it opens with the results, not before", async () => {
    const { db } = site.server.services;
    const { student, instructor } = site.world.people;
    const access = await findSubmission(db, student, site.world.submissions.finished);
    expect(await viewReview(db, access)).toBe(null);
    await changeAssignment(db, instructor, "mml-2026.hw4-dtw", { resultsPublishedAt: new Date(0) });
    const open = await findSubmission(db, student, site.world.submissions.finished);
    expect((await viewReview(db, open))?.grades.map(({ points }) => points).sort()).toEqual([400, 750]);
  });

  test.each(["light", "dark"] as const)(
    "axe finds nothing serious in the %s, nor is it wider than a phone",
    async (theme) => {
      const page = await site.as("ta", {
        theme,
        width: 390,
        height: 844,
        lang: theme === "dark" ? "zh" : "en",
      });
      await page.goto(address());
      expect(await faultsOf(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      if (process.env.REVIEW_PICTURES)
        await page.screenshot({ path: `${process.env.REVIEW_PICTURES}/${theme}.png`, fullPage: true });
    },
  );
});
