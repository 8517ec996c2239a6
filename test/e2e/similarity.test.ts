// A copy with other names is found, seen side by side by staff alone, and each look is noted.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { courseAudit } from "../../src/accounts/audit.ts";
import { findAssignment } from "../../src/assignments/assignments.ts";
import { handIn } from "../support/web-world.ts";
import { inBrowser } from "./site.ts";

const address = "/assignments/mml-2026.hw3-em/similarity";

inBrowser("similarity", (site) => {
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "assay-copy-"));
    await cp("graders/hw4-dtw/reference", folder, { recursive: true });
    const code = await readFile(join(folder, "dtw.py"), "utf8");
    await writeFile(join(folder, "dtw.py"), `# all mine\n${code.replaceAll("cost", "matrix")}`);
    await writeFile(join(folder, "data.py"), `DATA = "${"x".repeat(1_000_000)}"\n`);
    await writeFile(join(folder, "table.py"), `TABLE = "${"x".repeat(10_000)}"\n`);
    await handIn(site.server.services, site.world.people.other, "hw3-em", folder);
    await rm(folder, { recursive: true });
  });

  test("staff compare, and look at both files with what they share marked", async () => {
    const page = await site.as("ta");
    await page.goto(address);
    await page.getByRole("button", { name: "Compare now" }).click();
    await page.getByText("The comparison has begun.").waitFor();
    const link = page.getByRole("link", { name: /side by side/ });
    for (let tries = 0; tries < 60 && (await link.count()) === 0; tries++) {
      await page.waitForTimeout(500);
      await page.reload();
    }
    expect(await page.locator("main").innerText()).toContain("100 %");
    await page.getByText("Left out: 2 files").click();
    expect(await page.locator("main").innerText()).toMatch(
      /data.py larger than 300 kB\s+table.py has a line of more than 5,000 characters/,
    );
    await link.click();
    expect(await page.locator("h2").allInnerTexts()).toEqual([
      expect.stringContaining("dtw.py"),
      expect.stringContaining("dtw.py"),
    ]);
    for (const side of ["left", "right"]) {
      expect(await page.locator(`.code-match[id^=${side}]`).count()).toBeGreaterThan(10);
    }
    const { services } = site.server;
    const { course } = await findAssignment(services.db, site.world.people.ta, "mml-2026.hw3-em");
    const looks = (await courseAudit(services.db, course.id)).filter(
      ({ action }) => action === "submission.viewed",
    );
    expect(looks.slice(0, 2).map(({ detail }) => detail)).toEqual([
      { what: "similarity dtw.py" },
      { what: "similarity dtw.py" },
    ]);
  }, 90_000);

  test("students see nothing of it", async () => {
    const page = await site.as("student");
    expect((await page.goto(address))!.status()).toBe(404);
    const pair = `/assignments/mml-2026.hw4-dtw/similarity/${site.world.similarity}/1`;
    expect((await page.goto(pair))!.status()).toBe(404);
  });
});
