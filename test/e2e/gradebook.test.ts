// The gradebook in the browser: what its exports hold when they are opened again is what the page shows, and a cell is
// what the submission's own pages show.
import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import exceljs from "exceljs";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { changeAssignment } from "../../src/assignments/assignments.ts";
import { adjust, findReview } from "../../src/review/review.ts";
import { finishGrading } from "../support/web-gradings.ts";
import { resultsFor } from "../support/web-results.ts";
import { handIn } from "../support/web-world.ts";
import { inBrowser } from "./site.ts";

const address = "/courses/mml-2026/gradebook";

inBrowser("the gradebook", (site) => {
  beforeAll(async () => {
    const { services } = site.server;
    const { people, submissions } = site.world;
    const review = await findReview(services.db, people.ta, submissions.late);
    await adjust(services.db, people.ta, review, { points: "2.5", reason: "=a good question" });
    const again = await handIn(services, people.other, "hw3-em", "graders/hw4-dtw/starter");
    await finishGrading(services, again, resultsFor("starter"));
    await changeAssignment(services.db, people.instructor, "mml-2026.hw3-em", {
      resultsPublishedAt: new Date(0),
    });
  });

  /** The table as a person reads it: name, then what each column says. */
  async function shown(page: Page): Promise<string[][]> {
    return page.$$eval(".gradebook tbody tr", (rows) =>
      rows.map((row) => [
        row.querySelector(".who .font-medium")!.textContent,
        ...[...row.querySelectorAll("td:nth-child(n + 3)")].map(
          (cell) => (cell.querySelector("a")?.firstChild ?? cell.firstChild)!.textContent!,
        ),
      ]),
    );
  }

  async function download(page: Page, label: string): Promise<Buffer> {
    await page.getByText("Export", { exact: true }).click();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByText(label).click()]);
    return readFile(await file.path());
  }

  const points = (value: unknown) =>
    value === "" || value === null || value === undefined ? null : Number(value);
  const cell = (text: string) => (/^[\d.]+$/.test(text) ? Number(text) : null);

  test("CSV and XLSX, opened again, say what the page says", async () => {
    const page = await site.as("ta");
    await page.goto(address);
    const table = (await shown(page)).map(([name, ...cells]) => [name, ...cells.map(cell)]);
    expect(table).toHaveLength(5);
    const csv: string[][] = parse(await download(page, "CSV, as on this page"), { bom: true });
    expect(csv[0]).toEqual(
      expect.arrayContaining(["Name", "Student number", "Dynamic time warping", "Total"]),
    );
    expect(csv.slice(1).map((row) => [row[0], ...row.slice(4, -1).map(points)])).toEqual(table);

    await page.goto(address);
    const book = new exceljs.Workbook();
    await book.xlsx.load((await download(page, "Excel")) as never);
    const rows = book.worksheets[0]!.getSheetValues().slice(2) as unknown[][];
    // An empty cell is a hole in a sheet's row.
    const values = rows.map((row) => [row[1], ...Array.from(row).slice(5, -1).map(points)]);
    expect(values).toEqual(table);
  });

  test("a cell is what the submission's page and its review say", async () => {
    const page = await site.as("ta");
    await page.goto(address);
    const link = page.locator(".gradebook a", { hasText: /^\d/ }).first();
    const links = await page.$$eval(".gradebook tbody td a", (all) =>
      all.map((one) => [one.getAttribute("href")!, one.textContent!] as const),
    );
    expect(links.length).toBeGreaterThan(3);
    await link.waitFor();
    for (const [href, text] of links) {
      if (!/^[\d.]+$/.test(text)) continue;
      await page.goto(href);
      expect(await page.locator("#report tfoot").innerText()).toMatch(new RegExp(`\\s${text} / `));
      await page.goto(`${href}/review`);
      expect(await page.locator("#total tfoot").innerText()).toMatch(new RegExp(`\\s${text} / `));
    }
  });

  test("filter, section and sort by points, with scripts and without", async () => {
    for (const scripts of [true, false]) {
      const page = await site.as("ta", { scripts });
      await page.goto(address);
      await page.selectOption("select[name=section]", "B");
      if (!scripts) await page.getByRole("button", { name: "Show" }).click();
      await page.getByText("Students: 3").waitFor();
      await page.goto(`${address}?sort=hw4-dtw&order=desc`);
      const at = await page.$$eval(".gradebook thead th", (heads) =>
        heads.findIndex((head) => head.textContent!.includes("Dynamic time warping")),
      );
      // The number's column is left out of what is shown.
      const order = (await shown(page)).map((row) => cell(row[at - 1]!));
      const graded = order.filter((value) => value !== null);
      expect(graded.length).toBeGreaterThan(0);
      expect(order.slice(0, graded.length)).toEqual([...graded].sort((a, b) => b - a));
    }
  });

  test("an instructor weighs assignments, and the total follows", async () => {
    const page = await site.as("admin");
    await page.goto(address);
    await page.getByText("Weights", { exact: true }).click();
    await page.fill("input[name=weight-hw3-em]", "60");
    await page.fill("input[name=weight-hw4-dtw]", "40");
    await page.getByRole("button", { name: "Save weights" }).click();
    await page.getByText("The weights are saved.").waitFor();
    expect(await page.locator("[data-total]").first().innerText()).toMatch(/ \/ 100$/);
    const ta = await site.as("ta");
    await ta.goto(address);
    expect(await ta.getByText("Weights", { exact: true }).count()).toBe(0);
  });

  test("Canvas gets what is released and nothing else", async () => {
    const page = await site.as("ta");
    await page.goto(address);
    const rows: string[][] = parse(await download(page, "Canvas"), { bom: true });
    expect(rows[0]!.slice(0, 5)).toEqual(["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]);
    expect(rows[1]![0]).toBe("    Points Possible");
    const hw3 = rows[0]!.indexOf("Expectation maximisation");
    const hw4 = rows[0]!.indexOf("Dynamic time warping");
    const student = rows.find((row) => row[3] === "student@assay.example")!;
    expect([Number(student[hw3]) > 0, student[hw4]]).toEqual([true, ""]);
  });

  test("is not there for students", async () => {
    for (const role of ["student", "stranger"] as const) {
      const page = await site.as(role);
      expect((await page.goto(address))!.status()).toBe(404);
    }
  });
});
