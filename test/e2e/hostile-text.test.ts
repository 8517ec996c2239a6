// What a submission prints, raises and calls its files is text: nothing of it runs, draws or steers.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { finishGrading } from "../support/web-gradings.ts";
import { resultsFor } from "../support/web-results.ts";
import { handIn, PASSWORD } from "../support/web-world.ts";
import { signIn } from "./browser.ts";
import { inBrowser } from "./site.ts";

const MARKUP = `<script>window.ran = 1</script><img src=x onerror="window.ran = 2"><svg onload="window.ran = 3"></svg>`;
const TERMINAL = "\u001b[2J\u001b]8;;javascript:window.ran=4\u0007press\u001b]8;;\u0007";
const FILE = "a&<b onclick=ran=5>'\"<svg onload=ran=6>.py";
const MANY = 10_000;

async function submitted(
  site: Parameters<Parameters<typeof inBrowser>[1]>[0],
  files: Record<string, string>,
) {
  const folder = await mkdtemp(join(tmpdir(), "assay-hostile-"));
  for (const [path, text] of Object.entries({ "dtw.py": "x = 1\n", ...files })) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const { services } = site.server;
  return handIn(services, site.world.people.student, "hw4-dtw", folder).finally(() =>
    rm(folder, { recursive: true, force: true }),
  );
}

/** Nothing ran, nothing was drawn from the text, no link leads where the text says, no control character is left. */
async function expectInert(page: Page) {
  await page.waitForLoadState("load");
  expect(await page.evaluate(() => (window as { ran?: unknown }).ran ?? null)).toBe(null);
  expect(
    await page.locator("main img[src=x], main svg[onload], main script:not([src]), main b[onclick]").count(),
  ).toBe(0);
  expect(await page.locator("a[href^='javascript:']").count()).toBe(0);
}

inBrowser("a submission's own text", (site) => {
  test("in output, message and traceback it is shown and does nothing, for student and staff", {
    timeout: 60_000,
  }, async () => {
    const id = await submitted(site, {});
    const said = MARKUP + TERMINAL;
    const results = resultsFor("all-right").map((result, at) =>
      at === 0
        ? {
            ...result,
            verdict: "failed" as const,
            score: 0,
            stdout: said,
            traceback: said,
            message: { en: said, zh: said },
          }
        : result,
    );
    await finishGrading(site.server.services, id, results, [{ en: MARKUP, zh: MARKUP }]);
    for (const role of ["student", "ta"] as const) {
      const page = await site.as(role);
      for (const path of [`/submissions/${id}`, `/submissions/${id}/review`]) {
        if (role === "student" && path.endsWith("review")) continue;
        await page.goto(path);
        await page.evaluate(() => {
          for (const details of document.querySelectorAll("details")) details.open = true;
        });
        await expectInert(page);
      }
      expect(await page.content()).toContain("&lt;script&gt;");
    }
  });

  test("in names of files and in code it is shown and does nothing", async () => {
    const id = await submitted(site, { [FILE]: `${MARKUP}\n`, "page.html": MARKUP, "picture.svg": MARKUP });
    const page = await site.as("student");
    await page.goto(`/submissions/${id}/files`);
    await expectInert(page);
    expect(await page.locator("main").innerText()).toContain(FILE);
    for (const name of [FILE, "page.html", "picture.svg"]) {
      await page.goto(`/submissions/${id}/files`);
      await page.getByRole("link", { name, exact: true }).click();
      await expectInert(page);
      expect(await page.locator("main").innerText()).toContain("<script>");
      // As a file of its own it is a download, in no page's name.
      const raw = await page.request.get(`/api/v1/submissions/${id}/file?path=${encodeURIComponent(name)}`);
      expect(raw.headers()["content-disposition"]).toMatch(/^attachment/);
      expect(raw.headers()["x-content-type-options"]).toBe("nosniff");
      expect(raw.headers()["content-type"]).not.toMatch(/html|svg|xml/);
    }
  });

  test("a line of 1 MB is left out by name, and can be had as a file", async () => {
    const id = await submitted(site, { "long.py": `x = "${"a".repeat(1_000_000)}"\n` });
    const page = await site.as("student");
    await page.goto(`/submissions/${id}/files`);
    await page.getByRole("link", { name: "long.py", exact: true }).click();
    expect(await page.locator("h1").innerText()).toContain("long.py");
    expect((await page.content()).length).toBeLessThan(200_000);
    expect(await page.locator("main a[download]").count()).toBeGreaterThan(0);
  });

  test(`${MANY} files are listed by pages`, { timeout: 120_000 }, async () => {
    const files = Object.fromEntries(Array.from({ length: MANY }, (_, n) => [`many/${n}.py`, "\n"]));
    const id = await submitted(site, files);
    const page = await site.as("student");
    await page.goto(`/submissions/${id}/files`);
    const shown = await page.locator("main li a").count();
    expect(shown).toBeGreaterThan(10);
    expect(shown).toBeLessThan(2000);
    await page.locator(`main a[href*='after=']`).click();
    await expectInert(page);
    expect(await page.locator("main li a").count()).toBeGreaterThan(10);
  });

  test("an artifact is found by its hash only where its test may be seen, and by nobody without a role", async () => {
    const { services, url } = site.server;
    const bytes = Buffer.from(JSON.stringify({ kind: "line", series: [] }));
    const stored = await services.blobs.put(bytes);
    expect(stored.hash).toBe(createHash("sha256").update(bytes).digest("hex"));
    const artifact = {
      name: "plot",
      mediaType: "application/vnd.assay.plot+json",
      caption: null,
      blob: stored.hash,
      bytes: stored.bytes,
    };
    const id = await submitted(site, { "mine.py": "\n" });
    await finishGrading(services, id, resultsFor("mixed", [artifact]));
    const statuses: Record<string, number> = {};
    for (const role of ["student", "other", "stranger", "ta"] as const) {
      const page = await site.as(role === "other" ? "nobody" : role);
      if (role === "other") await signIn(page, "other@assay.example", PASSWORD);
      for (const of of [id, site.world.submissions.others])
        statuses[`${role} ${of === id ? "its own" : "another"}`] = (
          await page.request.get(`${url}/api/v1/submissions/${of}/artifacts/${stored.hash}`)
        ).status();
    }
    expect(statuses).toEqual({
      "student its own": 200,
      "student another": 404,
      "other its own": 404,
      "other another": 404,
      "stranger its own": 404,
      "stranger another": 404,
      "ta its own": 200,
      "ta another": 404,
    });
  });
});
