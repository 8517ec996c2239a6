// Staff's way: the table of an assignment, a submission with everything in it.
import { expect, test } from "vitest";
import { AUDIT_PAGE, courseAudit } from "../../src/accounts/audit.ts";
import { findCourse } from "../../src/courses/courses.ts";
import { inBrowser } from "./site.ts";

const TABLE = "/assignments/mml-2026.hw4-dtw/submissions";

inBrowser("staff", (site) => {
  test("the table shows everybody's latest, and follows its filter without a reload", async () => {
    const page = await site.as("ta");
    await page.goto(TABLE);
    expect(await page.locator("#rows tbody tr").count()).toBe(5);
    expect(await page.locator("tr", { hasText: "林同学" }).innerText()).toContain("23.5 / 54");
    await page.evaluate(() => document.body.setAttribute("data-same-page", "yes"));
    await page.selectOption("#table-state", "none");
    await page.getByText("People: 3").waitFor();
    await page.fill("#table-search", "20260004");
    await page.getByText("People: 1").waitFor();
    expect(await page.locator("body").getAttribute("data-same-page")).toBe("yes");
    await page.fill("#table-search", "nobody at all");
    await page.getByText("Nobody matches").waitFor();
  });

  test("it sorts by score, and the order is said", async () => {
    const page = await site.as("ta");
    await page.goto(TABLE);
    await page.getByRole("link", { name: "Score" }).click();
    await page.waitForURL("**sort=score**");
    expect(await page.locator("th[aria-sort=ascending]").innerText()).toContain("Score");
    expect(await page.locator("#rows tbody tr").first().innerText()).toContain("23.5 / 54");
  });

  test("without scripts the filter is a form", async () => {
    const page = await site.as("ta", { scripts: false });
    await page.goto(TABLE);
    await page.fill("#table-search", "omar");
    await page.click("main form button");
    expect(await page.locator("#rows tbody tr").count()).toBe(1);
  });

  test("a submission shows hidden tests, flags, seed and images; as the student, none of it", async () => {
    const page = await site.as("ta");
    const address = `/submissions/${site.world.submissions.others}`;
    await page.goto(address);
    const all = await page.locator("main").innerText();
    for (const told of [
      "54 / 54",
      "The path costs what is said",
      "after the due date",
      "The same file as another",
      "Seed",
      "sha256:aaaa",
    ]) {
      expect(all).toContain(told);
    }
    await page.getByRole("link", { name: "See it as the student" }).click();
    await page.waitForURL("**as=student");
    const html = await page.content();
    for (const secret of ["The path costs what is said", "The same file as another", "sha256:aaaa"]) {
      expect(html).not.toContain(secret);
    }
  });

  test("a look at somebody's work is in the audit log", async () => {
    const page = await site.as("ta");
    await page.goto(`/submissions/${site.world.submissions.others}/source?path=dtw.py`);
    const { db } = site.server.services;
    const { course } = await findCourse(db, site.world.people.instructor, "mml-2026");
    const [newest] = (await courseAudit(db, course.id)).slice(0, AUDIT_PAGE);
    expect(newest).toMatchObject({ action: "submission.viewed", subjectId: site.world.submissions.others });
    expect(newest!.actorId).toBe(site.world.people.ta.id);
    expect(newest!.detail).toEqual({ what: "file dtw.py" });
  });

  test("the table is not a student's, and the course is not a stranger's", async () => {
    const student = await site.as("student");
    await student.goto(TABLE);
    expect(new URL(student.url()).pathname).toBe("/assignments/mml-2026.hw4-dtw");
    const stranger = await site.as("stranger");
    for (const path of ["/courses/mml-2026", "/assignments/mml-2026.hw4-dtw", TABLE]) {
      expect((await stranger.goto(path))!.status()).toBe(404);
    }
  });

  test("a draft is there for staff alone", async () => {
    const student = await site.as("student");
    expect((await student.goto("/assignments/mml-2026.draft"))!.status()).toBe(404);
    await student.goto("/courses/mml-2026");
    expect(await student.locator("main").innerText()).not.toContain("Final project");
    const ta = await site.as("ta");
    expect((await ta.goto("/assignments/mml-2026.draft"))!.status()).toBe(200);
  });
});
