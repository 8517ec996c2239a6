// A regrade request from both sides: asked on the report's page, found in the queue, answered by keyboard.
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { type RegradeRequest, regradeRequests } from "../../src/review/tables.ts";
import { inBrowser } from "./site.ts";

inBrowser("regrade requests", (site) => {
  const report = () => `/submissions/${site.world.reviewed.reviewed}`;

  test("a student asks about one test in words, and takes it back; no script is needed", async () => {
    const page = await site.as("student", { scripts: false });
    await page.goto(report());
    const card = page.locator("#regrades");
    await card.locator("summary").click();
    await card.locator("select").selectOption({ label: "Overlapping max pooling" });
    await card.locator("textarea").fill("The sheet says that windows may overlap.");
    await card.getByRole("button", { name: "Send the request" }).click();
    await page.getByText("Your request waits for a person.").waitFor();
    const asked = card.locator("li", { hasText: "Overlapping max pooling" });
    expect(await asked.innerText()).toContain("waits for an answer");
    await asked.getByRole("button", { name: "Take it back" }).click();
    expect(await card.locator("li", { hasText: "Overlapping max pooling" }).innerText()).toContain(
      "taken back",
    );
  });

  test("somebody who did not grade it answers from the queue, by keyboard", async () => {
    const page = await site.as("ta");
    await page.goto("/courses/mml-2026");
    await page.getByRole("link", { name: "Staff queue" }).click();
    await page.locator("#regrades a").first().click();
    expect(await page.locator("#about").innerText()).toContain("5.5 of 8 points");
    await page.keyboard.press("1");
    await page.keyboard.press("Tab");
    await page.keyboard.type("1.5");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Right, I had not turned the page.");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("The answer is sent.").waitFor();
    await page.getByText("No request waits for an answer.").waitFor();
  });

  test("the student reads the answer and what it gave", async () => {
    const page = await site.as("student", { lang: "zh", width: 390, height: 844 });
    await page.goto(report());
    const card = await page.locator("#regrades").innerText();
    expect(card).toContain("已接受");
    expect(card).toContain("+1.5 分");
    expect(card).toContain("Right, I had not turned the page.");
  });

  test("the student appeals, and yet another person answers, who sees what was said before", async () => {
    const { db } = site.server.services;
    const id = site.world.reviewed.regrade;
    const [{ kind, target }] = (await db
      .select()
      .from(regradeRequests)
      .where(eq(regradeRequests.id, id))) as [RegradeRequest];
    const student = await site.as("student", { width: 390, height: 844 });
    await student.goto(report());
    const card = student.locator("#regrades");
    await card.locator("summary").click();
    await card.locator("select").selectOption(`${kind}:${target}`);
    await card.locator("textarea").fill("One point and a half is not what the sheet gives for it.");
    await card.getByRole("button", { name: "Send the request" }).click();
    await student.getByText("Your request waits for a person.").waitFor();
    expect(await card.locator("li", { hasText: "waits for an answer" }).innerText()).toContain("appeal");
    const [appeal] = await db.select().from(regradeRequests).where(eq(regradeRequests.round, 2));
    const ta = await site.as("ta");
    await ta.goto(`/regrades/${appeal!.id}`);
    await ta.getByText("have answered about this before, so another of the staff").waitFor();
    const other = await site.as("instructor", { lang: "zh" });
    await other.goto(`/regrades/${appeal!.id}`);
    expect(await other.locator("#before").innerText()).toContain("Right, I had not turned the page.");
    await other.locator("input[value=refused]").check();
    await other.locator("textarea[name=words]").fill("两人看过，维持不变。");
    await other.locator("textarea[name=words]").press("Tab");
    await other.keyboard.press("Enter");
    await other.getByText("答复已发送").waitFor();
  });

  test("a flag leaves the queue when somebody says what it came to", async () => {
    const page = await site.as("ta");
    await page.goto("/courses/mml-2026/queue");
    const flag = page.locator("#flags li").first();
    expect(await flag.innerText()).toContain("The same file as another submission");
    await flag.locator("input[name=note]").fill("They said so: it is the sheet's own code.");
    await flag.getByRole("button").click();
    await page.getByText("No flag waits to be looked at.").waitFor();
  });

  test("what somebody is at is offered to nobody else", async () => {
    const page = await site.as("ta");
    await page.goto("/courses/mml-2026/queue");
    await page.getByRole("link", { name: "Grade Convolutional networks" }).click();
    expect(page.url()).toContain(`${site.world.reviewed.ungraded}/review`);
    await page.getByRole("button", { name: "Claim" }).click();
    await page.getByText("You are at this submission.").waitFor();
    const admin = await site.as("admin");
    await admin.goto("/assignments/mml-2026.hw2-cnn/review");
    expect(admin.url()).not.toContain(site.world.reviewed.ungraded);
    await admin.goto(`/submissions/${site.world.reviewed.ungraded}/review`);
    await admin.getByText("Tina Assistant is at this submission.").waitFor();
  });

  test("neither a student nor a stranger sees the queue or somebody's request", async () => {
    const student = await site.as("student");
    expect((await student.goto("/courses/mml-2026/queue"))!.status()).toBe(404);
    await student.goto(`/regrades/${site.world.reviewed.regrade}`);
    expect(student.url()).toContain(report());
    const stranger = await site.as("stranger");
    for (const path of ["/courses/mml-2026/queue", `/regrades/${site.world.reviewed.regrade}`]) {
      expect((await stranger.goto(path))!.status()).toBe(404);
    }
  });
});
