// Moving in by the browser: a download is dropped, what it lacks is given by keyboard, and it is taken in while one
// looks on. In both languages, on a phone, in the dark, with and without scripts.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { findAssignment } from "../../src/assignments/assignments.ts";
import { submissions } from "../../src/submissions/tables.ts";
import { moodleDownload, moodleWorksheet } from "../support/moved-world.ts";
import { faultsOf } from "./faults.ts";
import { inBrowser } from "./site.ts";

const HERE = "/assignments/mml-2026.hw3-em/move-in";

inBrowser("moving in", (site) => {
  const file = async (name: string, bytes: Buffer) => {
    const path = join(await mkdtemp(join(tmpdir(), "assay-e2e-")), name);
    await writeFile(path, bytes);
    return path;
  };
  const moved = async () => {
    const { db } = site.server.services;
    const { instructor } = site.world.people;
    const { assignment } = await findAssignment(db, instructor, "mml-2026.hw3-em");
    const mine = and(
      eq(submissions.assignmentId, assignment.id),
      eq(submissions.originalName, "submission.zip"),
    );
    return db.select().from(submissions).where(mine).orderBy(submissions.receivedAt);
  };

  test("a download is looked at, mended by keyboard, and taken in while one looks on", async () => {
    const page = await site.as("instructor", { width: 390, height: 844, theme: "dark" });
    await page.goto(HERE);
    await page.setInputFiles("#download-file", await file("all.zip", moodleDownload()));
    await page.getByRole("button", { name: "See what would be done" }).click();
    await page.waitForURL(/\/imports\//);
    expect(await page.locator("li[data-count=not]").innerText()).toContain("4");

    await page.setInputFiles("#people-file", await file("worksheet.csv", moodleWorksheet));
    await page.getByRole("button", { name: "Read it, and look again" }).click();
    await page.getByText("Given: worksheet.csv").waitFor();
    expect(await page.locator("li[data-count=new]").innerText()).toContain("2");

    await page.getByLabel("T. Lee is").focus();
    await page.keyboard.type("nobody@here.example");
    await page.keyboard.press("Enter");
    expect(await page.getByRole("alert").innerText()).toContain("nobody on the roster");
    await page.getByLabel("T. Lee is").fill("Finn Example <fifth@assay.example>");
    await page.getByLabel(/whose time is said nowhere/).fill("2026-09-22T12:00");
    await page.keyboard.press("Enter");
    await page.getByText("This is what would be done now.").waitFor();
    expect(await page.locator("li[data-count=new]").innerText()).toContain("4");
    expect(await faultsOf(page)).toEqual([]);
    expect(await moved()).toEqual([]);

    await page.getByRole("button", { name: "Take in 4 submissions" }).press("Enter");
    await page
      .getByRole("status")
      .filter({ hasText: /Being taken in|Taken in: 4/ })
      .waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByText("Taken in: 4. Here already: 0. Refused: 0.").waitFor();
    const times = (await moved()).map(({ receivedAt }) => receivedAt.toISOString());
    expect(times).toEqual([
      "2026-09-21T06:14:00.000Z",
      "2026-09-21T13:40:00.000Z",
      "2026-09-22T00:03:00.000Z",
      "2026-09-22T04:00:00.000Z",
    ]);
    expect(await faultsOf(page)).toEqual([]);
  }, 60_000);

  test("without scripts and in Chinese: what is no download is refused by name, what is one can be forgotten", async () => {
    const page = await site.as("instructor", { lang: "zh", scripts: false });
    await page.goto(HERE);
    await page.setInputFiles("#download-file", await file("notes.zip", Buffer.from("PK, but no ZIP")));
    await page.getByRole("button", { name: "查看将要进行的操作" }).click();
    expect(await page.getByRole("alert").innerText()).toMatch(/未接受此下载文件[\s\S]*没有存储任何内容/);
    await page.setInputFiles("#download-file", await file("all.zip", moodleDownload()));
    await page.getByRole("button", { name: "查看将要进行的操作" }).click();
    expect(await page.locator("#not").innerText()).toContain("下载文件没有写明时间");
    await page.getByRole("button", { name: "移除此下载文件" }).click();
    await page.getByText("已移除该下载文件。").waitFor();
  });
});
