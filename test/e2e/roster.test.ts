// The roster in the browser: Excel's GBK and UTF-8 with its mark, a look before anything is done, one person at a time.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findCourse, listRoster } from "../../src/courses/courses.ts";
import { faultsOf } from "./faults.ts";
import { inBrowser } from "./site.ts";

const ROSTER = "/courses/mml-2026/roster";
/** "邮箱,姓名,学号\nnew@assay.example,王新\n" as Excel on a Chinese Windows writes it. */
const gbk = Buffer.concat([
  Buffer.from([
    0xd3, 0xca, 0xcf, 0xe4, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xd1, 0xa7, 0xba, 0xc5, 0x0d, 0x0a,
  ]),
  Buffer.from("new@assay.example,"),
  Buffer.from([0xcd, 0xf5, 0xd0, 0xc2]),
  Buffer.from(",20260099\r\nother@assay.example,Omar,20260002\r\n"),
]);
const marked = Buffer.from(
  "\ufeffemail,name,role,section\nother@assay.example,Omar,ta,C\nthird@assay.example,Thea,,B\n",
);

inBrowser("the roster", (site) => {
  const stored = async () => {
    const { db } = site.server.services;
    const viewer = site.world.people.instructor;
    const rows = await listRoster(db, viewer, await findCourse(db, viewer, "mml-2026"));
    return new Map(rows.map((row) => [row.email, row]));
  };
  const fileOf = async (bytes: Buffer) => {
    const path = join(await mkdtemp(join(tmpdir(), "assay-e2e-")), "roster.csv");
    await writeFile(path, bytes);
    return path;
  };

  test("Excel's GBK is read, and nothing is done before it was looked at", async () => {
    const page = await site.as("instructor");
    await page.goto(ROSTER);
    await page.setInputFiles("#roster-file", await fileOf(gbk));
    await page.getByRole("button", { name: "See what it would change" }).click();
    await page.getByText("Read as GB18030").waitFor();
    expect(await page.locator("tr[data-change=person]").innerText()).toContain("王新");
    expect(await page.locator("li[data-change=unchanged]").innerText()).toContain("1");
    expect(await faultsOf(page)).toEqual([]);
    expect((await stored()).has("new@assay.example")).toBe(false);
    await page.getByRole("button", { name: "Import all of it" }).click();
    await page.getByText("New people need a link").waitFor();
    expect((await stored()).get("new@assay.example")).toMatchObject({
      ...{ name: "王新", studentNumber: "20260099", role: "student" },
    });
  });

  test("Canvas's logins become e-mails by the domain that is given", async () => {
    const page = await site.as("instructor", { scripts: false });
    await page.goto(ROSTER);
    const canvas = 'Student,ID,SIS User ID,SIS Login ID,Section\n"Example, Cara",9,20260088,cara,C\n';
    await page.setInputFiles("#roster-file", await fileOf(Buffer.from(canvas)));
    await page.getByLabel(/E-mail domain/).fill("assay.example");
    await page.getByRole("button", { name: "See what it would change" }).click();
    expect(await page.locator("tr[data-change=person]").innerText()).toContain("cara@assay.example");
    await page.getByRole("button", { name: "Import all of it" }).click();
    await page.getByText("New people need a link").waitFor();
    expect((await stored()).get("cara@assay.example")).toMatchObject({ studentNumber: "20260088" });
  });

  test("a change is shown with what it replaces; what changed meanwhile is shown again", async () => {
    const page = await site.as("instructor", { scripts: false });
    await page.goto(ROSTER);
    await page.setInputFiles("#roster-file", await fileOf(marked));
    await page.getByRole("button", { name: "See what it would change" }).click();
    const row = page.locator("tr[data-change=changed]");
    expect(await row.innerText()).toMatch(/Student\s+Teaching assistant/);
    expect(await row.locator("del").allInnerTexts()).toEqual(["Student", "A"]);
    // Somebody else moves a student to another section.
    const colleague = await site.as("instructor");
    await colleague.goto(`${ROSTER}/${site.world.people.other.id}`);
    await colleague.fill("#field-section", "D");
    await colleague.getByRole("button", { name: "Save" }).click();
    await colleague.getByText("The entry is changed.").waitFor();
    await page.getByRole("button", { name: "Import all of it" }).click();
    await page.getByText("The roster changed since you looked").waitFor();
    expect(await row.locator("del").allInnerTexts()).toEqual(["Student", "D"]);
    await page.getByRole("button", { name: "Import all of it" }).click();
    await page.getByText("The roster is imported.").waitFor();
    expect((await stored()).get("other@assay.example")).toMatchObject({ role: "ta", section: "C" });
  });

  test("a file with faults names each line, in Chinese too", async () => {
    const page = await site.as("instructor", { lang: "zh" });
    await page.goto(ROSTER);
    await page.setInputFiles("#roster-file", await fileOf(Buffer.from("email,name\nnobody,\n")));
    await page.getByRole("button", { name: "查看将有哪些变化" }).click();
    await page.getByRole("alert").getByText("第 2 行：邮箱无效").waitFor();
  });

  test("one person is added, found and taken off, by keyboard", async () => {
    const page = await site.as("instructor");
    await page.goto(ROSTER);
    await page.locator("#field-name").focus();
    await page.keyboard.type("Grace Example");
    await page.keyboard.press("Tab");
    await page.keyboard.type("grace@assay.example");
    await page.keyboard.press("Enter");
    await page.getByText("New people need a link").waitFor();
    await page.locator("#roster-search").focus();
    await page.keyboard.type("grace");
    await page.getByText("People: 1").waitFor();
    await page.getByRole("link", { name: "Change Grace Example’s entry" }).press("Enter");
    await page.locator("#remove summary").press("Enter");
    await page.getByRole("button", { name: "Yes, take Grace Example off" }).press("Enter");
    await page.getByText("The person is off the roster").waitFor();
    expect((await stored()).has("grace@assay.example")).toBe(false);
  });

  test("the last instructor stays one, and a teaching assistant only reads", async () => {
    const page = await site.as("instructor");
    await page.goto(`${ROSTER}/${site.world.people.instructor.id}`);
    await page.selectOption("#field-role", "ta");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").getByText("at least one instructor").waitFor();
    const ta = await site.as("ta");
    await ta.goto(ROSTER);
    expect(await ta.locator("main form[method=post]").count()).toBe(0);
  });
});
