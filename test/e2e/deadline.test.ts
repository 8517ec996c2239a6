// A slow upload at the deadline: what was begun in time is on time, what was begun a second later is late. The bytes
// really take their time; the due date is put into it, just after the claim came, so that nobody waits for a guess of
// how long a browser or a command takes to begin.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import AdmZip from "adm-zip";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { issueToken } from "../../src/accounts/tokens.ts";
import { ALL_SCOPES } from "../../src/accounts/viewer.ts";
import { changeAssignment, dueDates, findAssignment } from "../../src/assignments/assignments.ts";
import { daysLate } from "../../src/assignments/dates.ts";
import { databaseNow } from "../../src/platform/time.ts";
import { type Submission, submissions, uploadClaims } from "../../src/submissions/tables.ts";
import { until } from "../support/until.ts";
import { inBrowser } from "./site.ts";
import { slowLine } from "./slow-line.ts";

const HW4 = "mml-2026.hw4-dtw";
/** 90 kB at 60 kB a second. */
const ZIP_BYTES = 90_000;
const BYTES_A_SECOND = 60_000;
const UPLOAD_MS = (ZIP_BYTES / BYTES_A_SECOND) * 1000;

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "assay-deadline-"));
  return () => rm(dir, { recursive: true });
});

/** Different bytes each time, and none that a compressor makes small. */
async function newZip(): Promise<string> {
  const zip = new AdmZip();
  zip.addFile("dtw.py", Buffer.from("def cost_matrix(x, y):\n    return None\n"));
  zip.addFile("noise.bin", randomBytes(ZIP_BYTES));
  const path = join(dir, `${crypto.randomUUID()}.zip`);
  await writeFile(path, zip.toBuffer());
  return path;
}

inBrowser("a slow upload at the deadline", (site) => {
  /** Sets the due date so long after the database's now; grace would blur what is shown here. */
  const dueIn = async (ms: number) => {
    const { db } = site.server.services;
    const now = await databaseNow(db);
    // Not a whole minute, which would include all of itself.
    const at = now.getTime() + ms;
    const dueAt = new Date(at % 60_000 === 0 ? at + 7 : at);
    await changeAssignment(db, site.world.people.instructor, HW4, { dueAt, graceSeconds: 0 });
    return dueAt;
  };
  /** Begins to send long before the due date, which comes while the bytes are on their way. */
  const dueWhile = async <T>(send: () => Promise<T>): Promise<{ due: Date; sent: T }> => {
    const { db } = site.server.services;
    await dueIn(3_600_000);
    const claims = await db.$count(uploadClaims);
    const sending = send();
    const claimed = until("its claim", async () => (await db.$count(uploadClaims)) > claims, 60_000);
    await Promise.race([claimed, sending]);
    return { due: await dueIn(200), sent: await sending };
  };
  const latest = async (): Promise<{ submission: Submission; days: number }> => {
    const { db } = site.server.services;
    const { student } = site.world.people;
    const rows = await db.select().from(submissions).where(eq(submissions.personId, student.id));
    const submission = rows.sort((a, b) => a.completedAt.getTime() - b.completedAt.getTime()).at(-1)!;
    const { assignment } = await findAssignment(db, student, submission.assignmentId);
    const due = await dueDates(db, assignment, student.id);
    return { submission, days: daysLate(assignment, due.own, submission.receivedAt) };
  };

  /** @param parts has this small file sent as a large one is: by tus. */
  const byBrowser = async (scripts: boolean, parts = false, bytesASecond = BYTES_A_SECOND) => {
    const page = await site.as("student", { scripts });
    await page.goto(`/assignments/${HW4}`);
    if (parts)
      await page.locator("#submit form").evaluate((form) => form.setAttribute("data-parts-from", "1"));
    await page.setInputFiles("#submit input[type=file]", await newZip());
    const line = await page.context().newCDPSession(page);
    await line.send("Network.enable");
    const throughput = { downloadThroughput: -1, uploadThroughput: bytesASecond, latency: 0 };
    return {
      page,
      async send() {
        await line.send("Network.emulateNetworkConditions", { offline: false, ...throughput });
        const late = page.locator("#submit input[type=checkbox]");
        if (await late.isVisible()) await late.check();
        await page.click("#submit button[type=submit]");
        await page.waitForURL("**/submissions/*", { timeout: 60_000 });
      },
    };
  };
  const byCommand = async () => {
    const { student } = site.world.people;
    const { token } = await issueToken(site.server.services.db, student.id, {
      name: "cli",
      scopes: ALL_SCOPES,
      days: 1,
    });
    const line = await slowLine(site.server.url, BYTES_A_SECOND);
    const zip = await newZip();
    return async (...more: string[]) => {
      const given = ["bin/assay.mjs", "submit", HW4, zip, "--server", line.url, ...more];
      const env = { ...process.env, ASSAY_TOKEN: token };
      try {
        return await promisify(execFile)(process.execPath, given, { env });
      } finally {
        line.close();
      }
    };
  };

  test("begun in time in a browser it is on time, and the receipt says both times", async () => {
    const { page, send } = await byBrowser(true);
    const { due } = await dueWhile(send);
    const { submission, days } = await latest();
    expect(days).toBe(0);
    expect(submission.receivedAt < due).toBe(true);
    expect(submission.completedAt > due).toBe(true);
    expect(submission.completedAt.getTime() - submission.receivedAt.getTime()).toBeGreaterThan(UPLOAD_MS / 2);
    const receipt = await page.locator("#receipt").innerText();
    expect(receipt).toContain("Last byte");
    expect(receipt).toContain(submission.originalBlob);
    const download = page.waitForEvent("download");
    await page.locator("#receipt").getByRole("link", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toMatch(/receipt\.json$/);
    expect(await page.locator("#history").getByRole("link", { name: "Receipt" }).count()).toBeGreaterThan(0);
  }, 120_000);

  test("begun after it in a browser it is late", async () => {
    const due = await dueIn(-1000);
    const { send } = await byBrowser(true);
    await send();
    const { submission, days } = await latest();
    expect(days).toBe(1);
    expect(submission.receivedAt > due).toBe(true);
  }, 120_000);

  test("begun in time by tus in a browser it is on time, begun after it late", async () => {
    const inTime = await byBrowser(true, true);
    const { due } = await dueWhile(inTime.send);
    const first = await latest();
    expect(first.days).toBe(0);
    expect(first.submission.receivedAt < due).toBe(true);
    expect(first.submission.completedAt > due).toBe(true);
    expect(first.submission.idempotencyKey).toMatch(/^tus-/);
    const after = await byBrowser(true, true);
    await dueIn(-1000);
    await after.send();
    const second = await latest();
    expect([second.days, second.submission.id === first.submission.id]).toEqual([1, false]);
  }, 180_000);

  test("a connection that breaks under an upload by tus costs nothing: it goes on in the page", async () => {
    const page = await site.as("student");
    await dueIn(60_000);
    await page.goto(`/assignments/${HW4}`);
    await page.locator("#submit form").evaluate((form) => form.setAttribute("data-parts-from", "1"));
    await page.setInputFiles("#submit input[type=file]", await newZip());
    let broken = 0;
    await page.route("**/api/v1/uploads/*", (route) =>
      route.request().method() === "PATCH" && broken++ < 2
        ? route.abort("connectionreset")
        : route.continue(),
    );
    await page.click("#submit button[type=submit]");
    await page.getByText("The connection broke. Nothing is lost").waitFor({ timeout: 20_000 });
    await page.waitForURL("**/submissions/*", { timeout: 60_000 });
    expect(broken).toBe(3);
    const { submission, days } = await latest();
    expect([days, submission.idempotencyKey]).toEqual([0, expect.stringMatching(/^tus-/)]);
    await dueIn(-1000);
  }, 120_000);

  test("without scripts the last byte counts, as the page says", async () => {
    const { page, send } = await byBrowser(false, false, BYTES_A_SECOND / 2);
    expect(await page.locator("#submit").innerText()).toContain("when its last byte has arrived");
    const due = await dueIn(2000);
    await send();
    const { submission, days } = await latest();
    expect(submission.receivedAt).toEqual(submission.completedAt);
    expect(submission.receivedAt > due).toBe(true);
    expect(days).toBe(1);
  }, 120_000);

  test("begun in time by the command line it is on time, although late work is not taken", async () => {
    const send = await byCommand();
    await changeAssignment(site.server.services.db, site.world.people.instructor, HW4, { lateLastDay: 0 });
    const {
      due,
      sent: { stdout },
    } = await dueWhile(send);
    const { submission, days } = await latest();
    expect(days).toBe(0);
    expect(submission.receivedAt < due).toBe(true);
    expect(submission.completedAt > due).toBe(true);
    expect(stdout).toContain(submission.originalBlob);
  }, 120_000);

  test("begun after it by the command line it is late, and refused where late work is not taken", async () => {
    const { services } = site.server;
    await dueIn(-1000);
    const refused = await (await byCommand())().catch((error) => error);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("every late day")]);
    await changeAssignment(services.db, site.world.people.instructor, HW4, { lateLastDay: 3 });
    const said = await (await byCommand())().catch((error) => error);
    expect([said.code, said.stderr]).toEqual([2, expect.stringMatching(/\d+ min late: .*--accept-late/)]);
    await (await byCommand())("--accept-late");
    expect((await latest()).days).toBe(1);
  }, 120_000);

  test("begun in time by the command line in parts it is on time, begun after it late", async () => {
    const send = await byCommand();
    const { due } = await dueWhile(() => send("--in-parts"));
    const first = await latest();
    expect([first.days, first.submission.idempotencyKey]).toEqual([0, expect.stringMatching(/^tus-/)]);
    expect(first.submission.receivedAt < due).toBe(true);
    expect(first.submission.completedAt > due).toBe(true);
    await changeAssignment(site.server.services.db, site.world.people.instructor, HW4, { lateLastDay: 3 });
    await dueIn(-1000);
    const said = await (await byCommand())("--in-parts").catch((error) => error);
    expect([said.code, said.stderr]).toEqual([2, expect.stringMatching(/\d+ min late: .*--accept-late/)]);
    await (await byCommand())("--in-parts", "--accept-late");
    expect((await latest()).days).toBe(1);
  }, 180_000);
});
