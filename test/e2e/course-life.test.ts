// What happens to an assignment in a course, by the keyboard alone, once in Chinese and once in English: late work and
// what it costs, an extension and whom it keeps waiting, quotas, statements, adjustments, grading without names, release,
// re-score, re-run, a second look (regrade, appeal, second marker), groups, a student's eyes, and people's data. Steps
// that keyboard.test.ts walks are not walked again.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { changeAssignment, createAssignment, findAssignment } from "../../src/assignments/assignments.ts";
import { findCourse } from "../../src/courses/courses.ts";
import { listGroups } from "../../src/courses/groups.ts";
import { findReview, gradeItem } from "../../src/review/review.ts";
import { setBudget } from "../../src/submissions/late-day-book.ts";
import { finishGrading } from "../support/web-gradings.ts";
import { resultsFor } from "../support/web-results.ts";
import { zipTo } from "../support/web-world.ts";
import { type Keys, keysOf, type Lang, openByKeys } from "./keys.ts";
import { answer, ask, readAnswer } from "./regrade-by-keys.ts";
import { inBrowser } from "./site.ts";

const SLUG = "life";
const LIFE = `/assignments/mml-2026.${SLUG}`;
const CNN = "/assignments/mml-2026.hw2-cnn";
const HOUR_MS = 3_600_000;
let dir = "";

inBrowser("an assignment's life by keyboard alone", (site) => {
  const made = new Map<Lang, string>();

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "assay-life-"));
    const { db } = site.server.services;
    const { instructor } = site.world.people;
    const access = await findCourse(db, instructor, "mml-2026");
    const { assignment } = await findAssignment(db, instructor, "mml-2026.hw4-dtw");
    const [set] = await listGroups(db, instructor, access);
    await createAssignment(db, instructor, access, {
      ...{
        slug: SLUG,
        title: { en: "Life", zh: "全程" },
        state: "open",
        suiteVersionId: assignment.suiteVersionId,
      },
      dueAt: new Date(Math.floor((Date.now() - 2 * HOUR_MS) / 60_000) * 60_000),
      ...{ latePercentPerDay: 10, lateLastDay: 3, attemptsTotal: 1, counting: "latest" },
      ...{ groupSetId: set!.id, contributions: "group" },
    });
    await setBudget(db, instructor, access, { kind: "homework", days: 4 });
    await gradeTheOther();
    return () => rm(dir, { recursive: true });
  });

  const pages = new Map<string, Page>();
  /** Signs in once; from then on only the language is switched. */
  async function as(role: "student" | "ta" | "instructor" | "admin", lang: Lang) {
    const page = pages.get(role) ?? (await openByKeys(site, role, lang)).page;
    pages.set(role, page);
    const keys = keysOf(page, lang);
    await page.goto("/");
    const spoken = await page.locator("html").getAttribute("lang");
    if (!spoken!.startsWith(lang)) await keys.go("button[name=language]");
    return { page, keys };
  }

  describe.each<Lang>(["zh", "en"])("%s", (lang) => {
    test("a student is late, has used up an attempt, says their part, asks for days", async () => {
      const { page, keys } = await as("student", lang);
      await keys.go("a[href='/courses/mml-2026']");
      await keys.go(`a[href='${LIFE}']`);
      // Beyond the quota work is taken and says less: told before it is sent.
      if (lang === "en") await keys.says("quota.next.verdicts");
      const folder = lang === "zh" ? "graders/hw4-dtw/reference" : "graders/hw4-dtw/alternatives/loops";
      if (lang === "zh") {
        // Late days are said, and spent only on purpose; in the second round there is an extension.
        await keys.reach("input[name=late]");
        await keys.press("Space");
      }
      await keys.choose("#upload-file", await zipTo(join(dir, `${lang}.zip`), folder));
      await keys.reach("#submit button");
      await keys.press("Enter");
      await page.waitForURL("**/submissions/*");
      const id = page.url().split("/").at(-1)!;
      made.set(lang, id);
      await finishGrading(site.server.services, id, resultsFor("all-right"));

      await page.goto(LIFE);
      await keys.type("#contribution-text", lang === "zh" ? "实现与报告" : "code and report");
      await keys.type("#contribution-share", "60");
      await keys.go("#contribution button");
      await keys.says("contribution.saved");
      await keys.go(`a[href='${LIFE}/extensions']`);
      await keys.reach("#ask-until");
      // The year stands first or last, as the browser writes dates: a native field, filled as its own window would.
      await page.fill("#ask-until", lang === "zh" ? "2031-05-06T12:30" : "2032-05-06T12:30");
      await keys.type("#ask-reason", lang === "zh" ? "生病。" : "I was ill.");
      await keys.go("#ask button");
      await keys.says("extension.asked");
      await leaveAndComeBack(page, keys);
      await page.goto("/account");
      await keys.reach("a[href='/account/export']");
      const [file] = await Promise.all([page.waitForEvent("download"), keys.press("Enter")]);
      expect(file.suggestedFilename()).toMatch(/^assay-.*zip$/);
    });

    test("an assistant sees whom an extension keeps waiting, grants it, gives one member points", async () => {
      const { page, keys } = await as("ta", lang);
      await page.goto(`${LIFE}/extensions`);
      await keys.go("#requests button[value=try]");
      await keys.says("extension.would");
      await keys.go("#requests button[value=grant]");
      await keys.says("extension.answered");

      await page.goto(`/submissions/${made.get(lang)}/review`);
      expect(await page.locator("#contributions").innerText()).toContain("60 %");
      await keys.type("#adjust input[name=points]", "-1");
      await keys.type("#adjust input[name=reason]", lang === "zh" ? "未参与报告" : "no part in the report");
      await keys.reach("#adjust select");
      await page.keyboard.type("Omar");
      await keys.go("#adjust button");
      expect(await page.locator("#adjust li").innerText()).toContain("Omar Example: ");
    });

    test("an instructor blinds, holds back, publishes, rescores, begins a re-run and cancels it", async () => {
      const { page, keys } = await as("instructor", lang);
      await blindAndBack(page, keys);
      await page.goto(`${LIFE}/release`);
      await keys.type("#held input[name=email]", "other@assay.example");
      await keys.type("#held input[name=reason]", "a case is open");
      await keys.go("#held form[action$='/held'] button");
      await keys.says("release.held.saved");
      await keys.go("#state form[action$='/release'] button");
      await keys.says("release.done");
      await keys.go("#held form[action$='/delete'] button");
      await keys.go("#state form[action$='/withdraw'] button");
      await keys.says("release.withdrawn");

      await page.goto(`${LIFE}/points`);
      await keys.pick("[id='how-test_window_distance']", "drop");
      await keys.go("#tests form[action$='/preview'] > button");
      await page.locator("#preview").waitFor();
      await keys.type("#worth-reason", "not in the sheet");
      await keys.go("#preview button");
      await keys.says("worth.applied");
      await keys.go("#sets form[action$='/undo'] button");
      await keys.says("worth.undone");

      await page.goto(`${LIFE}/rerun`);
      await keys.type("#rerun-reason", "the suite was mended");
      await keys.sent();
      await keys.go("form[action$='/cancel'] button");
      await keys.says("rerun.cancelled");
    });

    test("a student asks for a regrade of an item or a test, reads the answer, appeals, and another person answers", async () => {
      const target = lang === "zh" ? "item:method" : "test:test_max_pool";
      const student = await as("student", lang);
      await ask(
        site,
        student,
        target,
        lang === "zh" ? "第 3 页有实测时间的表格。" : "Windows overlap there.",
      );
      const ta = await as("ta", lang);
      const refusal = lang === "zh" ? "表格中只有一个版本。" : "The sheet says where they may not.";
      await answer(site, ta, target, async () => {
        await ta.keys.press("2");
        await ta.keys.type("#answer textarea", refusal);
      });
      await readAnswer(site, student, "refused", refusal);

      await ask(
        site,
        student,
        target,
        lang === "zh" ? "附录里有第二个版本。" : "It says so of the border alone.",
      );
      await student.keys.says("regrade.appeal");
      const other = await as("instructor", lang);
      const gift = lang === "zh" ? "确实如此。" : "So it does.";
      await answer(site, other, target, async () => {
        expect(await other.page.locator("#before").innerText()).toContain(refusal);
        await other.keys.press("1");
        await other.keys.type("#answer input[name=points]", "1.5");
        await other.keys.type("#answer textarea", gift);
      });
      await readAnswer(site, student, "accepted", gift);
      expect(await student.page.locator("#regrades").innerText()).toContain("+1.5");
    });

    test("an instructor deals work out, tries another worth, has a sample marked twice; a second person marks it", async () => {
      const lead = await as("instructor", lang);
      await lead.page.goto(`${CNN}/marking`);
      await lead.keys.reach("#deal input[name=grader]");
      await lead.keys.press("Space");
      await lead.keys.go("#deal button");
      await lead.keys.says("marking.dealt");
      expect(await lead.page.locator("#progress table").innerText()).toContain("Grace Grader");
      await lead.keys.type("#worth form:has(input[value=method]) input[name=points]", "4");
      await lead.keys.sent();
      await lead.keys.says("marking.worth.sum", { looked: 2, changed: 2 });
      await lead.keys.type("#preview input[name=reason]", "too much of it");
      await lead.keys.go("#preview button");
      await lead.keys.says("marking.worth.done");
      await lead.keys.go("#worth form[action$='/undo'] button");
      await lead.keys.type("#how input[name=percent]", "100");
      await lead.keys.go("#how button");
      await lead.keys.says("marking.saved");

      const { page, keys } = await as("ta", lang);
      await page.goto(`${CNN}/marking`);
      await keys.go("#second a");
      expect(await page.locator("main").innerText()).not.toContain("Clear, with honest measurements.");
      const writing = page.url().includes(site.world.reviewed.reviewed) ? "3.5" : "2.5";
      for (const item of ["derivation", "method", "experiments", "errors"]) {
        await keys.type(`input[name='item:${item}']`, "3");
      }
      await keys.type("input[name='item:writing']", writing);
      await keys.sent();
      await keys.says("second.saved");
      // First 3.5 and 1.5, second 3.5 and 2.5: 1 − 2·1 / 6. One pair alone says nothing yet.
      const row = page.locator("#agreement tbody tr").last();
      expect((await row.locator("td").allInnerTexts()).slice(0, 2)).toEqual(
        lang === "zh" ? ["1", "–"] : ["2", "0.67"],
      );
    });

    test("an instructor looks with a student's eyes, and says how long it is kept; an administrator deletes nobody by mistake", async () => {
      const { page, keys } = await as("instructor", lang);
      await page.goto("/courses/mml-2026/gradebook");
      await keys.go(`a[href$='/as/${site.world.people.student.id}']`);
      await keys.go(`a[href$='/${SLUG}']`);
      await keys.says("course.seen-as", { name: site.world.people.student.name });
      expect(await page.locator("main form").count()).toBe(0);
      await keys.go("#history a[href*='as=student']");
      await keys.says("submission.as-student.note");
      await page.goto("/courses/mml-2026");
      await keys.go("a[href$='/retention']");
      await keys.type("#set input[name=reason]", "two years by law");
      await keys.sent();
      await keys.says("retention.saved");
      await keys.type("#set input[name=reason]", "asked to wait");
      await keys.go("#set button[name=clear]");
      await keys.says("retention.none");

      const admin = await as("admin", lang);
      await admin.page.goto("/admin/people?q=stranger");
      await admin.keys.go("a[href$='/privacy']");
      await admin.keys.type("#delete input[name=reason]", "asked for it");
      await admin.keys.type(
        "#delete input[name=email]",
        lang === "zh" ? "nobody@assay.example" : "stranger@assay.example",
      );
      await admin.keys.go("#delete form button");
      if (lang === "en") return admin.keys.says("privacy.deleted");
      expect(await admin.page.getByRole("alert").innerText()).toContain("请原样输入该用户的邮箱");
    });
  });

  /** Out of the group by a button, back by its code. */
  async function leaveAndComeBack(page: Page, keys: Keys): Promise<void> {
    await page.goto("/courses/mml-2026");
    await keys.go("a[href='/courses/mml-2026/groups']");
    const code = await page.locator("#own-project code").innerText();
    await keys.go("#own-project form[action$='/leave'] button");
    await keys.says("groups.left");
    await keys.type("#join-project input[name=code]", code);
    await keys.sent();
    await keys.says("groups.joined");
  }

  /** The first person's grades of what the world leaves ungraded: then there are two to compare. */
  async function gradeTheOther(): Promise<void> {
    const { db } = site.server.services;
    const { grader } = site.world.people;
    const access = await findReview(db, grader, site.world.reviewed.ungraded);
    for (const { id } of access.rubric) {
      await gradeItem(db, grader, access, { item: id, points: id === "writing" ? "1.5" : "3", comment: "" });
    }
  }

  /** Graded without names: an assistant's table names nobody; undone, it does. */
  async function blindAndBack(page: Page, keys: Keys): Promise<void> {
    const { db } = site.server.services;
    await page.goto(`${LIFE}/marking`);
    await keys.reach("input[name=blind]");
    await keys.press("Space");
    await keys.type("#how input[name=percent]", "20");
    await keys.go("#how button");
    await keys.says("marking.saved");
    const { assignment } = await findAssignment(db, site.world.people.ta, `mml-2026.${SLUG}`);
    expect([assignment.blind, assignment.secondMarkPercent]).toEqual([true, 20]);
    const ta = pages.get("ta")!;
    await ta.goto(`${LIFE}/submissions`);
    expect(await ta.locator("main").innerText()).not.toContain("Omar Example");
    await changeAssignment(db, site.world.people.instructor, assignment.id, {
      blind: false,
      secondMarkPercent: 0,
    });
  }
});
