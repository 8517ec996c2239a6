// The queue for GPUs in a browser: staff look at it and move in it by the keyboard, administrators see the devices, and
// a student lets a newer submission take the place of one that waits.
import { randomUUID } from "node:crypto";
import { eq, inArray } from "drizzle-orm";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { personByEmail } from "../../src/accounts/people.ts";
import { sessionViewer } from "../../src/accounts/viewer.ts";
import { attempts, workers } from "../../src/grading/tables.ts";
import type { DeviceView } from "../../src/sandbox/device-desk.ts";
import { enqueue } from "../support/attempts.ts";
import { handIn } from "../support/web-world.ts";
import { faultsOf } from "./faults.ts";
import { inBrowser } from "./site.ts";

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const ROTA = "/courses/mml-2026/rota";

inBrowser("the queue for GPUs", (site) => {
  const sent: Record<"running" | "done" | "first" | "second" | "newer", string> = {} as never;

  /** As its preflight leaves it. */
  const send = async (email: string): Promise<string> => {
    const { services } = site.server;
    const viewer = sessionViewer((await personByEmail(services.db, email))!);
    const id = await handIn(services, viewer, "text-to-image", "graders/final-t2i/starter");
    await services.db.update(attempts).set({ lane: "gpu", options: {} }).where(eq(attempts.subject, id));
    return id;
  };

  beforeAll(async () => {
    const { db, database, queue } = site.server.services;
    sent.running = await send("third@assay.example");
    sent.done = await send("fourth@assay.example");
    const began = { state: "running", token: randomUUID(), startedAt: ago(3) } as const;
    const [busy] = await db.update(attempts).set(began).where(eq(attempts.subject, sent.running)).returning();
    const gpu = { name: "NVIDIA A100 80GB", id: "GPU-0" };
    await db
      .update(attempts)
      .set({
        ...{ state: "finished", startedAt: ago(30), finishedAt: ago(24) },
        report: { circumstances: { gpu } } as never,
      })
      .where(eq(attempts.subject, sent.done));
    const device = (id: string, given: Partial<DeviceView>): DeviceView => ({
      ...{ id, name: "NVIDIA A100 80GB", vramBytes: 80 * 1024 ** 3, mig: false, kind: "nvidia" },
      ...{ place: { state: "free" }, scrubbed: { at: ago(5).toISOString(), clean: true } },
      ...given,
    });
    const why = "2.1 GiB of 80 GiB stay taken";
    const devices = [
      device("GPU-0", { place: { state: "busy", job: busy!.id, since: ago(3).toISOString() } }),
      device("MIG-1", {
        name: "A100 3g.40gb",
        mig: true,
        vramBytes: 40 * 1024 ** 3,
        place: { state: "scrubbing", since: ago(0).toISOString() },
      }),
      device("GPU-2", {
        place: { state: "out", why, since: ago(50).toISOString() },
        scrubbed: { at: ago(1).toISOString(), clean: false },
      }),
    ];
    await site.worker.db.insert(workers).values({
      ...{ id: randomUUID(), host: "gpu-room-1", pid: 4711, lanes: ["gpu"], slots: 1 },
      // It lives for as long as the test.
      ...{ seenAt: ago(-60), detail: { gpu: { devices, problem: null, detail: "" }, teamSlots: 2 } },
    });
    const [{ suiteConfig, suiteHash, suiteBlob }] = (await db
      .select()
      .from(attempts)
      .where(eq(attempts.subject, sent.running))) as [typeof attempts.$inferSelect];
    const suite = { blob: suiteBlob, hash: suiteHash, config: suiteConfig };
    sent.first = await send("student@assay.example");
    await enqueue(database, queue, { lane: "gpu", suite, crowd: randomUUID() });
    sent.second = await send("other@assay.example");
    sent.newer = await send("student@assay.example");
  });

  const rows = async (page: Page) =>
    (await page.locator("#waiting tbody tr th").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));

  test("a TA sees what runs where and what waits, moves by the keyboard with a reason, and undoes it", async () => {
    const page = await site.as("ta");
    await page.goto("/courses/mml-2026/queue");
    await page.getByRole("link", { name: "Queue for GPUs" }).click();
    const words = async (id: string) => page.locator(`[data-device=${id}]`).innerText();
    expect(await words("GPU-0")).toMatch(/A Thea Example: for \d minutes, about \d minutes to go/);
    expect(await words("MIG-1")).toMatch(/Being cleaned\. Next: another course/);
    expect(await words("GPU-2")).toMatch(/Out of the rota since 50 minutes ago: 2\.1 GiB/);
    const before = await rows(page);
    expect(before).toEqual([
      "– another course",
      expect.stringMatching(/^B 林同学（示例） Text to image #2$/),
      expect.stringMatching(/^C Omar Example Text to image #2$/),
      expect.stringMatching(/^B 林同学（示例） Text to image #3$/),
    ]);
    expect(await faultsOf(page)).toEqual([]);

    const forward = page.getByRole("button", { name: "Move to the front: Omar Example #2" });
    await forward.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("rota-reason");
    await page.keyboard.type("has to travel tonight");
    // Enter in the field would have to choose a row by itself.
    await page.keyboard.press("Enter");
    expect(await rows(page)).toEqual(before);
    await forward.press("Enter");
    await page.getByText("It has moved.").waitFor();
    expect((await rows(page)).map((row) => row[0])).toEqual(["–", "C", "B", "B"]);
    expect(await page.locator("#moves").innerText()).toMatch(
      /Tina Assistant: from place 2 to 1[\s\S]*has to travel tonight/,
    );
    await page.getByRole("button", { name: "Undo the newest move" }).press("Enter");
    await page.getByText("The move is undone.").waitFor();
    expect(await rows(page)).toEqual(before);
  });

  test("on a phone, in Chinese, in the dark, without scripts", async () => {
    const page = await site.as("ta", { lang: "zh", theme: "dark", width: 390, scripts: false });
    await page.goto(ROTA);
    await page.fill("#rota-reason", "今晚演示");
    await page.getByRole("button", { name: "后移一位：林同学（示例） #2" }).click();
    await page.getByText("已移动，可在下方撤销。").waitFor();
    await page.getByRole("button", { name: "撤销最近一次移动" }).click();
    const looked = await site.as("ta", { lang: "zh", theme: "dark", width: 390 });
    await looked.goto(ROTA);
    expect(await faultsOf(looked)).toEqual([]);
    expect(await looked.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  test("administrators see each GPU: free, at work or out and why, and how it was cleaned", async () => {
    const page = await site.as("admin");
    await page.goto("/admin");
    const row = (id: string) => page.locator(`#devices [data-device=${id}]`).innerText();
    expect(await row("GPU-0")).toMatch(/at work[\s\S]*3 minutes ago[\s\S]*80 GiB[\s\S]*5 minutes ago, clean/);
    expect(await row("GPU-2")).toMatch(
      /out of the rota[\s\S]*50 minutes ago[\s\S]*2\.1 GiB[\s\S]*1 minute ago, not clean/,
    );
    expect(await row("MIG-1")).toMatch(/being cleaned[\s\S]*slice[\s\S]*gpu-room-1 4711/);
    expect(await faultsOf(page)).toEqual([]);
  });

  test.each([390, 1280])(
    "a student lets a newer submission take the place of one that waits, at %i px",
    async (width) => {
      const page = await site.as("student", { width });
      await page.goto(`/submissions/${sent.newer}`);
      const waits = page.locator("#report");
      expect(await waits.innerText()).toMatch(/3 ahead of you\. It begins on a GPU in about \d+ minutes\./);
      expect(await faultsOf(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      if (width === 390) return;
      await page.getByRole("button", { name: "Take #2 back: this one takes the place" }).press("Enter");
      await page.getByText("Taken back. This submission has its place in the queue.").waitFor();
      expect(await waits.innerText()).toMatch(/1 ahead of you\./);
      const left = await site.server.services.db
        .select({ state: attempts.state })
        .from(attempts)
        .where(inArray(attempts.subject, [sent.first, sent.newer]));
      expect(left.map(({ state }) => state).sort()).toEqual(["cancelled", "waiting"]);
    },
  );
});
