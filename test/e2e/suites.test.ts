// A suite is registered in the browser, proved while one watches, and published; by mouse and by keyboard.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, expect, test } from "vitest";
import { findCourse } from "../../src/courses/courses.ts";
import type { ClaimedAttempt } from "../../src/grading/attempts.ts";
import { Worker } from "../../src/grading/worker.ts";
import type { TestReport } from "../../src/judge/report.ts";
import { weighWhenEnded } from "../../src/suites/proof-ended.ts";
import { publishVersion } from "../../src/suites/publish.ts";
import { registerVersion } from "../../src/suites/register.ts";
import { suiteProofRuns } from "../../src/suites/tables.ts";
import { reportOf, testReport } from "../support/attempts.ts";
import { testLanes, testLog } from "../support/database.ts";
import { smallSuite } from "../support/staff-world.ts";
import { zipTo } from "../support/web-world.ts";
import { faultsOf } from "./faults.ts";
import { inBrowser } from "./site.ts";

inBrowser("suites", (site) => {
  const workers: Worker[] = [];
  let go = () => {};
  afterEach(async () => {
    go();
    await Promise.all(workers.splice(0).map((worker) => worker.drain()));
  });

  /** A worker that says of each run what sandboxes would say; the mutants wait until they are told to go on. */
  async function work(): Promise<void> {
    const { db, queue } = site.server.services;
    const told = new Promise<void>((resolve) => {
      go = resolve;
    });
    const grade = async ({ subject }: ClaimedAttempt) => {
      const [run] = await db.select().from(suiteProofRuns).where(eq(suiteProofRuns.subject, subject));
      if (run?.kind === "mutant") await told;
      return reportOf([resultOf(run?.kind ?? "")]);
    };
    const database = site.worker;
    const options = { database, queue, grade, lanes: testLanes, slots: 2, teamSlots: 2, log: testLog };
    workers.push(await Worker.start({ ...options, onEnded: [weighWhenEnded(queue)] }));
  }

  const resultOf = (kind: string): TestReport => {
    const test = { name: "test_align", peakBytes: 30_000_000, wallMs: 20 };
    if (["reference", "strict", ""].includes(kind)) return testReport(1, test);
    if (kind !== "syntax") return testReport(1, { ...test, score: 0, verdict: "failed" });
    return testReport(1, { ...test, score: 0, verdict: "error", traceback: "SyntaxError: invalid syntax" });
  };

  const zipOf = async (comment: string) => {
    const path = join(await mkdtemp(join(tmpdir(), "assay-e2e-")), "hw6-alignment.zip");
    await writeFile(path, smallSuite(comment));
    return path;
  };

  test("one is registered, proved while one watches, and published", async () => {
    const page = await site.as("instructor");
    await page.goto("/courses/mml-2026");
    await page.getByRole("link", { name: "Test suites" }).click();
    await page.setInputFiles("#suite-file", await zipOf("# by mouse\n"));
    await page.getByRole("button", { name: "Upload and register" }).click();
    await page.waitForURL("**/suite-versions/*");
    await page.getByRole("button", { name: "Have it proved" }).click();
    await page.getByText("No worker has begun yet").waitFor();
    await page.evaluate(() => document.body.setAttribute("data-same-page", "yes"));
    await work();
    // The reference, starter and syntax error have ended; a mutant is held.
    await page.getByText("now: mutant says-nothing").waitFor();
    expect(await faultsOf(page)).toEqual([]);
    go();
    await page.getByText("Every run was as it should be").waitFor();
    expect(await page.locator("body").getAttribute("data-same-page")).toBe("yes");
    const cell = page.locator("#matrix tbody tr", { hasText: "says-nothing" }).locator("td");
    expect(await cell.innerText()).toContain("seen");
    expect(await page.locator("#tests tbody tr").innerText()).toMatch(/20 ms of 10 s[\s\S]*29 MiB of 1 GiB/);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("It is published.").waitFor();
  }, 90_000);

  test("by keyboard and in Chinese, and what is not proved is published only with a reason", async () => {
    const page = await site.as("instructor", { lang: "zh" });
    await page.goto("/courses/mml-2026/suites");
    await page.setInputFiles("#suite-file", await zipOf("# by keyboard\n"));
    await page.locator("#suite-file").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/suite-versions/*");
    await page.locator("summary", { hasText: "不经验证直接发布" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type("试运行，另由人工评分");
    await page.keyboard.press("Enter");
    await page.getByText("未经验证即发布，理由：试运行，另由人工评分").waitFor();
  }, 60_000);

  test("a new version in use offers to grade again what the old one has graded", async () => {
    const { services } = site.server;
    const { instructor } = site.world.people;
    const path = join(await mkdtemp(join(tmpdir(), "assay-e2e-")), "hw4-dtw.zip");
    await zipTo(path, "graders/hw4-dtw");
    const AdmZip = (await import("adm-zip")).default;
    const zip = new AdmZip(path);
    zip.addFile("tests/test_one_more.py", Buffer.from("# another version\n"));
    zip.writeZip(path);
    const access = await findCourse(services.db, instructor, "mml-2026");
    const { version } = await registerVersion(services, instructor, access, { path });
    await publishVersion(services.db, instructor, version.id, "for a test");
    const page = await site.as("instructor");
    await page.goto(`/suite-versions/${version.id}`);
    await page.getByRole("button", { name: "Grade Expectation maximisation by this version" }).click();
    await page.getByText("This version grades from now on").waitFor();
    await page.getByLabel("Those graded by version 1 of hw4-dtw").waitFor();
    expect(new URL(page.url()).pathname).toBe("/assignments/mml-2026.hw3-em/rerun");
    await page.goto("/assignments/mml-2026.hw3-em/settings");
    await page.getByText("Submissions graded by another version: 1").waitFor();
  }, 60_000);

  test("one that comes with the program is registered by its name, by keyboard, and by no path", async () => {
    const page = await site.as("instructor");
    await page.goto("/courses/mml-2026/suites");
    await page.locator("#bundled select").selectOption("hw3-fusion");
    await page.locator("#bundled button").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/suite-versions/*");
    expect(await page.locator("main").innerText()).toMatch(/hw3-fusion · Version 1/);
    const post = (name: string) =>
      page.request.post("/courses/mml-2026/suites/bundled", {
        form: { name },
        headers: { origin: site.server.url },
      });
    expect((await post("../graders/hw3-fusion")).status()).toBe(404);
    const assistant = await site.as("ta");
    await assistant.goto("/courses/mml-2026/suites");
    expect(await assistant.locator("#bundled").count()).toBe(0);
  });

  test("what is no suite is refused with file and line, with scripts and without", async () => {
    const path = join(await mkdtemp(join(tmpdir(), "assay-e2e-")), "broken.zip");
    const AdmZip = (await import("adm-zip")).default;
    const zip = new AdmZip();
    zip.addFile("grader.yaml", Buffer.from("id: x\ntitle: X\nlimitz: 3\n"));
    await writeFile(path, zip.toBuffer());
    for (const scripts of [true, false]) {
      const page = await site.as("instructor", { scripts });
      await page.goto("/courses/mml-2026/suites");
      await page.setInputFiles("#suite-file", path);
      await page.locator("#register button").click();
      await page.getByRole("alert").getByText("limitz").waitFor();
    }
  }, 60_000);
});
