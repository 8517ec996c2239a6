// A student's way: sign in, hand in, watch, read the report; by mouse, by keyboard, and without scripts.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { readFolder } from "../../src/judge/read-suite.ts";
import { currentAttempts } from "../../src/submissions/submissions.ts";
import { endGrading, recordTest, startGrading } from "../support/web-gradings.ts";
import { resultsFor } from "../support/web-results.ts";
import { handIn, PASSWORD, zipTo } from "../support/web-world.ts";
import { signIn } from "./browser.ts";
import { inBrowser } from "./site.ts";

const HW4 = "/assignments/mml-2026.hw4-dtw";
let dir = "";
let zip = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "assay-e2e-"));
  zip = await zipTo(join(dir, "work.zip"), "graders/hw4-dtw/reference");
  return () => rm(dir, { recursive: true });
});

const bodyText = (page: Page) => page.locator("main").innerText();

inBrowser("signing in", (site) => {
  test("a wrong password is answered in words, a right one leads to where one wanted to go", async () => {
    const page = await site.as("nobody");
    await page.goto("/courses/mml-2026");
    expect(new URL(page.url()).pathname).toBe("/sign-in");
    await page.fill("input[name=email]", "student@assay.example");
    await page.fill("input[name=password]", "not the password");
    await page.click("main button");
    expect(await page.getByRole("alert").innerText()).toContain("E-mail or password is wrong");
    await page.fill("input[name=password]", PASSWORD);
    await page.click("main button");
    await page.waitForURL("**/courses/mml-2026");
  });

  test("a sign-in from another site is refused, and so is a way back to one", async () => {
    const { url } = site.server;
    const body = new URLSearchParams({ email: "student@assay.example", password: PASSWORD });
    const foreign = await fetch(`${url}/sign-in`, {
      method: "POST",
      body,
      headers: { origin: "https://evil.example" },
    });
    expect(foreign.status).toBe(403);
    body.set("next", "//evil.example/");
    const own = await fetch(`${url}/sign-in`, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { origin: url },
    });
    expect([own.status, own.headers.get("location")]).toEqual([303, "/"]);
  });

  test("an invitation's link sets a password without sending its secret in an address", async () => {
    const { services } = site.server;
    const { invite, personByEmail } = await import("../../src/accounts/people.ts");
    const third = await personByEmail(services.db, "third@assay.example");
    const page = await site.as("nobody");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const secret = await invite(services.auth, third!.id);
    await page.goto(`/set-password#${secret}`);
    await page.fill("input[name=password]", "a password of their own");
    await page.click("main button");
    await page.waitForURL("**/sign-in");
    expect(
      asked.filter((url) => new URL(url).search.includes(secret) || new URL(url).pathname.includes(secret)),
    ).toEqual([]);
    await signIn(page, "third@assay.example", "a password of their own");
    expect(await bodyText(page)).toContain("Mathematics of machine learning");
  });

  test("after signing out the pages are closed", async () => {
    const page = await site.as("student");
    await page.goto("/");
    await page.click("summary[aria-label^=Account]");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL("**/sign-in");
    await page.goto("/courses/mml-2026");
    expect(new URL(page.url()).pathname).toBe("/sign-in");
  });
});

inBrowser("handing in", (site) => {
  test("what is wrong with an archive stands beside the form, and no attempt is used up", async () => {
    const page = await site.as("student");
    await writeFile(join(dir, "no.zip"), "this is no archive");
    await page.goto(HW4);
    const before = await page.locator("#facts").innerText();
    await page.setInputFiles("input[type=file]", join(dir, "no.zip"));
    await page.click("#submit button");
    const alert = page.locator("#submit").getByRole("alert");
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/Not submitted.*not a ZIP archive.*No attempt was used up/s);
    await page.reload();
    expect(await page.locator("#facts").innerText()).toBe(before);
  });

  test("results appear one after the other without a reload, then the whole report", async () => {
    const page = await site.as("student");
    const { services } = site.server;
    await page.goto(HW4);
    await page.setInputFiles("input[type=file]", zip);
    await page.click("#submit button");
    await page.waitForURL("**/submissions/*");
    const address = page.url();
    await page.getByText("Waiting to be graded").waitFor();
    const id = address.split("/").at(-1)!;
    const attempt = await startGrading(services, id);
    await page.getByText("Being graded", { exact: true }).waitFor();
    const tests = resultsFor("mixed");
    await recordTest(services, attempt, tests[0]!);
    await page.locator("#test-test_cost_of_numbers").waitFor();
    expect(await page.locator("[data-verdict]").count()).toBe(1);
    // What the reader closed stays closed while more comes.
    await recordTest(services, attempt, tests[1]!);
    await page.locator("#test-test_textbook_examples summary").click();
    await recordTest(services, attempt, tests[3]!);
    await page.locator("#test-test_warped_series").waitFor();
    expect(await page.locator("#test-test_textbook_examples details").getAttribute("open")).toBeNull();
    await endGrading(services, attempt, tests);
    await page.getByRole("heading", { name: "How it adds up" }).waitFor();
    expect(page.url()).toBe(address);
    expect(await page.locator("[data-verdict]").count()).toBe(11);
    // Told to those who do not see it, too.
    expect(await page.locator("#report > [role=status]").innerText()).toContain(
      "graded. 11 results. 18.5 of 43 points",
    );
    await page.reload();
    expect(await bodyText(page)).toContain("18.5 / 43");
  }, 60_000);

  test("nothing of a hidden test reaches the student, who is told how many there are and when they open", async () => {
    const page = await site.as("student");
    await page.goto(`/submissions/${site.world.submissions.finished}`);
    const html = await page.content();
    for (const secret of ["a hidden message", "test_path_cost", "路径代价", "test_reversal"])
      expect(html).not.toContain(secret);
    expect(await bodyText(page)).toMatch(
      /3 hidden tests, 11 points\s+2 of 3 passed\. They open after the due date/,
    );
  });

  test("what a submission printed is text", async () => {
    const page = await site.as("student");
    await page.goto(`/submissions/${site.world.submissions.finished}`);
    expect(await page.locator("#test-test_textbook_examples .output").innerText()).toContain("<b>shape</b>");
  });

  test("two attempts are compared: files line by line, tests that changed, points before and after", async () => {
    const { first, finished, others } = site.world.submissions;
    const page = await site.as("student");
    await page.goto(`/submissions/${finished}`);
    await page.getByRole("link", { name: "Compare submission 1 with submission 2" }).click();
    await page.waitForURL(`**/submissions/${finished}/compare/${first}`);
    expect(await page.locator("#points").innerText()).toMatch(/\d+(\.5)? points more/);
    const file = page.locator("#files li", { hasText: "dtw.py" });
    expect(await file.innerText()).toMatch(/changed\s+\d+ lines added, \d+ removed/);
    expect(await file.locator(".diff-removed", { hasText: "# TODO" }).count()).toBeGreaterThan(0);
    expect(await page.locator("#tests tr[data-change=higher]").count()).toBeGreaterThan(0);
    expect(await page.content()).not.toContain("a hidden message");
    // Neither with another's, nor with itself, nor somebody else's two.
    for (const [one, other] of [
      [finished, others],
      [finished, finished],
      [others, site.world.submissions.waiting],
    ]) {
      expect((await page.goto(`/submissions/${one}/compare/${other}`))!.status()).toBe(404);
    }
  });

  test("what is not graded yet has lost no tests", async () => {
    const { waiting, others } = site.world.submissions;
    const page = await site.as("ta");
    await page.goto(`/submissions/${waiting}/compare/${others}`);
    expect(await page.locator("#tests").innerText()).toContain("No result yet");
    expect(await page.locator("#tests [data-change]").count()).toBe(0);
    expect(await page.locator("#files li").count()).toBeGreaterThan(0);
  });

  test("lateness is shown as a sum that adds up", async () => {
    const page = await site.as("student");
    await page.goto(`/submissions/${site.world.submissions.late}`);
    const sum = page.locator("table", { hasText: "How it adds up" });
    expect(await sum.locator("td").allInnerTexts()).toEqual(["43 / 43", "−8.6", "34.4 / 43"]);
  });

  test("a late day is said and confirmed before it is spent", async () => {
    const page = await site.as("student");
    await page.goto("/assignments/mml-2026.hw3-em");
    expect(await page.locator("#submit").innerText()).toMatch(
      /1 d (9|10) h late: you have no late days left; 20 % of your points/,
    );
    await page.setInputFiles("input[type=file]", zip);
    await page.click("#submit button");
    // The browser asks for the box to be ticked first.
    expect(new URL(page.url()).pathname).toBe("/assignments/mml-2026.hw3-em");
    await page.check("input[name=late]");
    await page.click("#submit button");
    await page.waitForURL("**/submissions/*");
  });

  test("a ZIP that is dropped is chosen", async () => {
    const page = await site.as("student");
    await page.goto(HW4);
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["PK"], "dropped.zip", { type: "application/zip" }));
      return transfer;
    });
    await page.dispatchEvent("[data-drop]", "drop", { dataTransfer: data });
    const name = await page
      .locator("input[type=file]")
      .evaluate((field) => (field as HTMLInputElement).files?.[0]?.name);
    expect(name).toBe("dropped.zip");
  });

  test("without scripts the same form hands in and shows its errors", async () => {
    const page = await site.as("student", { scripts: false });
    await page.goto(HW4);
    await page.setInputFiles("input[type=file]", join(dir, "no.zip"));
    await page.click("#submit button");
    expect(await page.getByRole("alert").innerText()).toContain("not a ZIP archive");
    const other = await zipTo(join(dir, "other.zip"), "graders/hw4-dtw/alternatives/loops");
    await page.setInputFiles("input[type=file]", other);
    await page.click("#submit button");
    await page.waitForURL("**/submissions/*");
    expect(await bodyText(page)).toContain("Submitted. This is your receipt.");
    await page.getByRole("button", { name: "Take it back" }).click();
    expect(await bodyText(page)).toMatch(/Taken back. It used up no attempt/);
  });

  test("another student's submission is not there", async () => {
    const page = await site.as("student");
    for (const path of ["", "/files", "/source?path=dtw.py", "/report"]) {
      const answer = await page.goto(`/submissions/${site.world.submissions.others}${path}`);
      expect(answer!.status()).toBe(404);
    }
  });

  test("own files are shown with line numbers, and the starter is a ZIP of starter/ alone", async () => {
    const page = await site.as("student");
    await page.goto(`/submissions/${site.world.submissions.finished}`);
    await page.locator("#files").getByRole("link", { name: "dtw.py" }).click();
    await page.waitForURL("**/source?path=dtw.py");
    expect(await page.locator("#L1").innerText()).toContain("from collections import Counter");
    expect(await page.locator(".tok-keyword").count()).toBeGreaterThan(5);
    const starter = await page.request.get(`${HW4}/starter.zip`);
    const { default: Zip } = await import("adm-zip");
    const names = new Zip(await starter.body()).getEntries().map(({ entryName }) => entryName);
    const there = (await readFolder("graders/hw4-dtw/starter")).map((file) => file.path);
    expect(names.sort()).toEqual(there.sort());
  });
});

inBrowser("a page's comforts", (site) => {
  test("the language is the browser's, until it is switched", async () => {
    const page = await site.as("student", { lang: "zh" });
    await page.goto(HW4);
    expect(await page.locator("h1").innerText()).toBe("动态时间规整");
    await page.getByRole("button", { name: "English" }).click();
    expect(await page.locator("h1").innerText()).toBe("Dynamic time warping");
    expect(new URL(page.url()).pathname).toBe(HW4);
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });

  test("the theme is the system's, until one is chosen", async () => {
    const page = await site.as("student", { theme: "dark" });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.goto("/");
    const dark = await ground();
    await page.click("summary[aria-label='Light or dark']");
    await page.getByRole("button", { name: "Light", exact: true }).click();
    await page.waitForSelector("html[data-theme=assay-light]");
    expect(await ground()).not.toBe(dark);
  });

  test("the whole way goes by keyboard alone", async () => {
    const page = await site.as("nobody");
    await page.goto("/sign-in");
    const reach = async (what: string) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press("Tab");
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), what)) return;
      }
      throw new Error(`${what} cannot be reached by Tab`);
    };
    await reach("a[href='#main']");
    await reach("input[name=email]");
    await page.keyboard.type("student@assay.example");
    await reach("input[name=password]");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === "/");
    await reach("a[href='/courses/mml-2026']");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/courses/mml-2026");
    await reach(`a[href='${HW4}']`);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${HW4}`);
    await reach("input[type=file]");
    await reach("#submit button");
    await reach(`a[href='/submissions/${site.world.submissions.finished}']`);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/submissions/*");
    await reach("#test-test_textbook_examples summary");
    await page.keyboard.press("Enter");
    expect(await page.locator("#test-test_textbook_examples details").getAttribute("open")).toBeNull();
    await page.click("summary[aria-label^=Account]");
    await page.keyboard.press("Escape");
    expect(await page.locator("details[data-menu][open]").count()).toBe(0);
  }, 60_000);

  test("a place in the queue is told, and an estimate once something was measured", async () => {
    const { services } = site.server;
    const id = await handIn(services, site.world.people.student, "hw4-dtw", "graders/hw4-dtw/reference");
    const page = await site.as("student");
    await page.goto(`/submissions/${id}`);
    expect(await page.locator("#report").innerText()).toContain(
      "1 ahead of you. No grader is connected right now",
    );
    const attempt = (await currentAttempts(services.db, [id])).get(id)!;
    await site.worker.sql`insert into workers (id, host, pid, lanes, slots)
      values (gen_random_uuid(), 'here', 1, ${[attempt.lane]}, 2)`;
    await page.reload();
    expect(await page.locator("#report").innerText()).toMatch(/Done in about \d+ seconds/);
  });
});
