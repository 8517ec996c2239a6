// Groups in the browser: a student's own, joining by a code, staff's overview; and being told of an answer.
import { expect, test } from "vitest";
import { tell } from "../../src/notifications/notifications.ts";
import { notifications } from "../../src/notifications/tables.ts";
import { transaction } from "../../src/platform/database.ts";
import { announceResults } from "../../src/submissions/announce.ts";
import { inBrowser } from "./site.ts";

inBrowser("groups and notifications", (site) => {
  const groups = "/courses/mml-2026/groups";

  test("a student sees their group, leaves it, and comes back by its code; no script is needed", async () => {
    const page = await site.as("student", { scripts: false });
    await page.goto("/assignments/mml-2026.hw5-kernels");
    await page.getByText("You hand in with Omar Example.").waitFor();
    await page.getByRole("link", { name: "Groups of this course" }).click();
    const own = page.locator("#own-project");
    expect(await own.innerText()).toContain("Omar Example");
    const code = (await own.locator("code").innerText()).trim();
    await own.getByRole("button", { name: "Leave the group" }).click();
    await page.getByText("You have left the group.").waitFor();
    await page
      .locator("#join-project input[name=code]")
      .fill(`${code.slice(0, 4)} ${code.slice(4).toLowerCase()}`);
    await page.locator("#join-project button").click();
    await page.getByText("You are in the group.").waitFor();
    expect(await own.innerText()).toContain("Omar Example");
  });

  test("staff make a set, put people in from a list, and take somebody out", async () => {
    const page = await site.as("ta", { width: 390, height: 844 });
    await page.goto(groups);
    await page.fill("#new-set [name=slug]", "pairs");
    await page.fill("#new-set [name=most]", "2");
    await page.fill("#new-set [name=titleEn]", "Pairs");
    await page.fill("#new-set [name=titleZh]", "两人组");
    await page.getByRole("button", { name: "Make the set" }).click();
    await page.fill(
      "#import-pairs textarea",
      "email,group\nthird@assay.example,P1\nfourth@assay.example,P1\n",
    );
    await page.locator("#import-pairs button").click();
    const group = page.getByRole("region", { name: "P1" });
    expect(await group.innerText()).toContain("Thea Example");
    await group.getByRole("button", { name: "Take Thea Example out" }).click();
    await page.getByText("Saved.").waitFor();
    expect(await group.innerText()).not.toContain("Thea Example");
  });

  test("what somebody was told is counted, leads there, and is read then", async () => {
    const { db } = site.server.services;
    const { student } = site.world.people;
    const path = `/submissions/${site.world.reviewed.reviewed}#regrades`;
    // What the world's own results tell them comes first, and is of no interest here.
    await announceResults(db);
    await db.update(notifications).set({ readAt: new Date() });
    const about = { en: "Convolutional networks", zh: "卷积网络" };
    await transaction(db, (tx) => tell(tx, [student.id], { kind: "regrade_answered", about, path }));
    const page = await site.as("student", { lang: "zh" });
    await page.goto("/");
    await page.getByRole("link", { name: "通知，未读 1 条" }).click();
    await page.getByRole("button", { name: /您对 卷积网络 的复核申请已有答复/ }).click();
    expect(page.url()).toContain(path);
    await page.getByRole("link", { name: "通知", exact: true }).waitFor();
    const stranger = await site.as("stranger");
    await stranger.goto("/notifications");
    await stranger.getByText("Nothing new").waitFor();
  });
});
