// Each role's main way by the keyboard alone, in both languages: no mouse is used, and where Tab does not lead, the way
// ends. Choosing a file is the one thing that the system's own window does.
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { and, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClaimedAttempt, failInfrastructure, startAttempt } from "../../src/grading/attempts.ts";
import { attempts } from "../../src/grading/tables.ts";
import { Worker } from "../../src/grading/worker.ts";
import { askRegrade } from "../../src/review/regrades.ts";
import { findSubmission } from "../../src/submissions/submissions.ts";
import { weighWhenEnded } from "../../src/suites/proof-ended.ts";
import { suiteProofRuns } from "../../src/suites/tables.ts";
import { translator } from "../../src/web/messages/translate.ts";
import { reportOf, testReport } from "../support/attempts.ts";
import { testLanes, testLog } from "../support/database.ts";
import { smallSuite } from "../support/staff-world.ts";
import { endGrading, recordTest, startGrading } from "../support/web-gradings.ts";
import { resultsFor } from "../support/web-results.ts";
import { zipTo } from "../support/web-world.ts";
import { type Lang, openByKeys } from "./keys.ts";
import type { Role } from "./pages.ts";
import { inBrowser } from "./site.ts";

const HW4 = "/assignments/mml-2026.hw4-dtw";
let dir = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "assay-keys-"));
  return () => rm(dir, { recursive: true });
});

inBrowser("by keyboard alone", (site) => {
  let worker: Worker | null = null;
  afterAll(() => worker?.drain());

  const open = (role: Exclude<Role, "nobody">, lang: Lang) => openByKeys(site, role, lang);

  test.each<Lang>(["zh", "en"])("a student hands in, watches and reads the report (%s)", async (lang) => {
    const { services } = site.server;
    const { page, keys } = await open("student", lang);
    await keys.go("a[href='/courses/mml-2026']");
    await keys.go(`a[href='${HW4}']`);
    const zip = await zipTo(join(dir, `${lang}.zip`), "graders/hw4-dtw/reference");
    await keys.choose("#upload-file", zip);
    await keys.reach("#submit button");
    await keys.press("Enter");
    await page.waitForURL("**/submissions/*");
    await keys.says("submission.waiting");
    const attempt = await startGrading(services, page.url().split("/").at(-1)!);
    const tests = resultsFor("mixed");
    await recordTest(services, attempt, tests[0]!);
    await page.locator("#test-test_cost_of_numbers").waitFor();
    await endGrading(services, attempt, tests);
    await keys.says("sum.title");
    const row = page.locator("#test-test_cost_of_numbers details");
    const open_ = await row.getAttribute("open");
    await keys.reach("#test-test_cost_of_numbers summary");
    await keys.press("Enter");
    expect(await row.getAttribute("open")).not.toBe(open_);
    await keys.go("#files a[href*=source]");
    expect(await page.locator(".code-line").count()).toBeGreaterThan(10);
  });

  test.each<[Lang, string]>([
    ["zh", "1"],
    ["en", "2"],
  ])("an assistant grades the next one and answers a request (%s)", async (lang, item) => {
    const { services } = site.server;
    const { student } = site.world.people;
    const { page, keys } = await open("ta", lang);
    await keys.go("a[href='/courses/mml-2026']");
    await keys.go("nav a[href$='/queue']");
    await keys.go("a[href='/assignments/mml-2026.hw2-cnn/review']");
    expect(page.url()).toContain(site.world.reviewed.ungraded);
    await keys.press(item);
    await page.keyboard.type("4.5");
    await keys.sent();
    expect(await page.locator("#running").innerText()).toContain(lang === "zh" ? "4.5" : "9");
    await keys.go("a[href='/courses/mml-2026']");
    await keys.go("nav a[href$='/queue']");
    await keys.go("#regrades a");
    await keys.press("2");
    await keys.press("Tab");
    await keys.type("#answer textarea", lang === "zh" ? "与题面一致。" : "As the sheet says.");
    await keys.go("#answer button");
    await keys.says("regrade.answered");
    if (lang === "en") return;
    const access = await findSubmission(services.db, student, site.world.reviewed.reviewed);
    await askRegrade(services.db, student, access, {
      kind: "test",
      target: "test_max_pool",
      reason: "The sheet lets windows overlap.",
    });
  });

  test.each<[Lang, string]>([
    ["zh", "disable"],
    ["en", "enable"],
  ])("an administrator tries again what failed, and changes a person's rights (%s)", async (lang, act) => {
    await failWaiting();
    const { page, keys } = await open("admin", lang);
    await keys.reach("summary[aria-label*='Alex']");
    await keys.press("Enter");
    await keys.go("a[href='/admin']");
    await keys.go("form[action$='/retry'] button");
    await keys.says("admin.attention.retried");
    await keys.go("a[href='/admin/people']");
    await keys.type("#people-search", "stranger");
    await keys.sent();
    await keys.go(`form[action$='/${act}'] button`);
    const refused = page.getByText(translator(lang)("admin.people.disabled"), { exact: true });
    expect(await refused.count()).toBe(act === "disable" ? 1 : 0);
  });

  test.each<Lang>(["zh", "en"])(
    "an instructor looks at what is not understood, answers a group, plans a deadline (%s)",
    async (lang) => {
      await gradedOften();
      const { page, keys } = await open("instructor", lang);
      await keys.go("a[href='/courses/mml-2026']");
      await keys.go("nav a[href$='/insight']");
      await keys.go("a[href$='assignment=hw4-dtw']");
      await keys.reach("#over-time summary");
      await keys.press("Enter");
      expect(await page.locator("#over-time details[open] tbody tr").count()).toBeGreaterThan(0);
      await keys.go(`a[href='${HW4}/mistakes']`);
      await keys.go("#unknown a[href*='/mistakes/']");
      await keys.type("#comment textarea", lang === "zh" ? "请再读题。" : "Read the sheet again.");
      await keys.go("#comment button");
      await keys.go("#preview button");
      await keys.says("group.applied");
      await keys.go("#marks button");
      await keys.says("group.undone");
      await page.goto("/courses/mml-2026/insight");
      await keys.go("main a[href$='/plan']");
      await keys.type("input[name=students]", "600");
      await keys.reach("input[name=shared]");
      await keys.press("Space");
      await keys.go("#ask button");
      expect(page.url()).toMatch(/students=600.*shared=yes/);
      expect(await page.locator("#table tbody tr").count()).toBeGreaterThan(5);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id }) => id)).toEqual([]);
    },
  );

  // The last: its worker grades whatever waits.
  test.each<Lang>(["zh", "en"])(
    "an instructor proves a suite, publishes it, changes a date (%s)",
    async (lang) => {
      worker ??= await provingWorker();
      const { page, keys } = await open("instructor", lang);
      await keys.go("a[href='/courses/mml-2026']");
      await keys.go("nav a[href$='/suites']");
      const path = join(dir, `suite-${lang}.zip`);
      await writeFile(path, smallSuite(`# by keyboard, ${lang}\n`));
      await keys.choose("#suite-file", path);
      await keys.reach("#register button");
      await keys.press("Enter");
      await page.waitForURL("**/suite-versions/*");
      await keys.go("form[action$='/validation'] button");
      await keys.says("suite.says.proved");
      await keys.go("form[action$='/publish'] button");
      await keys.says("suite.published");
      await keys.go("nav a[href='/courses/mml-2026']");
      await keys.go("a[href='/assignments/mml-2026.hw3-em/settings']");
      await keys.type("#setting-graceSeconds", lang === "zh" ? "15" : "20");
      await keys.sent();
      await keys.says("settings.saved");
      await keys.go("nav a[href$='/gradebook']");
      await keys.go("a[href*='sort=total']");
      expect(page.url()).toContain("sort=total");
    },
  );

  /** Says of each run of a proof what sandboxes would say. */
  async function provingWorker(): Promise<Worker> {
    const { db, queue } = site.server.services;
    const grade = async ({ subject }: ClaimedAttempt) => {
      const [run] = await db.select().from(suiteProofRuns).where(eq(suiteProofRuns.subject, subject));
      const right = ["reference", "strict"].includes(run?.kind ?? "");
      const error = run?.kind === "syntax" ? { traceback: "SyntaxError: invalid syntax" } : {};
      const told = { name: "test_align", peakBytes: 30_000_000, wallMs: 20, ...error };
      const verdict = run?.kind === "syntax" ? ("error" as const) : ("failed" as const);
      return reportOf([testReport(1, right ? told : { ...told, score: 0, verdict })]);
    };
    const options = {
      database: site.worker,
      queue,
      grade,
      lanes: testLanes,
      slots: 4,
      teamSlots: 4,
      log: testLog,
    };
    return Worker.start({ ...options, onEnded: [weighWhenEnded(queue)] });
  }

  /** Gradings of some seconds each, from which times are learned. */
  const gradedOften = () =>
    site.server.services.db.execute(sql`
      insert into attempts select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'number', (
          select max(number) from attempts where subject = a.subject) + n, 'is_final', false, 'token', null,
        'worker', gen_random_uuid(), 'created_at', now(), 'started_at', now(),
        'finished_at', now() + make_interval(secs => 2 + n % 5)))).*
      from attempts a, generate_series(1, 30) n where a.subject = ${site.world.submissions.finished} and a.is_final`);

  /** A fault of ours, until a person has to look. */
  async function failWaiting(): Promise<void> {
    const { db, queue } = site.server.services;
    const its = eq(attempts.subject, site.world.submissions.waiting);
    for (;;) {
      const [waiting] = await db
        .select()
        .from(attempts)
        .where(and(its, eq(attempts.state, "waiting")));
      if (!waiting) return;
      const started = await startAttempt(db, queue, { id: waiting.id, worker: randomUUID(), teamSlots: 9 });
      await failInfrastructure(db, queue, started!.token, "the container engine is gone");
    }
  }
});
