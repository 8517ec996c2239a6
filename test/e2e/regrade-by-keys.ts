// A regrade request by the keyboard alone: asked by a student, answered by staff, read again by the student.
import { and, eq } from "drizzle-orm";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { regradeRequests } from "../../src/review/tables.ts";
import type { Keys } from "./keys.ts";
import type { Site } from "./site.ts";

/** A page, and the hands at its keyboard. */
type Somebody = { page: Page; keys: Keys };

/** From the report's page. */
export async function ask(
  site: Site,
  { page, keys }: Somebody,
  target: string,
  reason: string,
): Promise<void> {
  await page.goto(`/submissions/${site.world.reviewed.reviewed}`);
  await keys.reach("#regrades summary");
  await keys.press("Enter");
  await keys.pick("#regrades select", target);
  await keys.type("#regrades textarea", reason);
  await keys.go("#regrades form[action$='/regrades'] button");
  await keys.says("regrade.sent");
}

/** Found in the queue, with what is said on its page. */
export async function answer(
  site: Site,
  { page, keys }: Somebody,
  about: string,
  say: () => Promise<void>,
): Promise<void> {
  const [kind, target] = about.split(":") as ["item" | "test", string];
  const its = and(eq(regradeRequests.kind, kind), eq(regradeRequests.target, target));
  const [open] = await site.server.services.db
    .select()
    .from(regradeRequests)
    .where(and(its, eq(regradeRequests.state, "open")));
  await page.goto("/courses/mml-2026");
  await keys.go("nav a[href$='/queue']");
  await keys.go(`#regrades a[href='/regrades/${open!.id}']`);
  await say();
  await keys.go("#answer button");
  await keys.says("regrade.answered");
}

/** Led there by the notice. */
export async function readAnswer(
  site: Site,
  { page, keys }: Somebody,
  state: "refused" | "accepted",
  words: string,
) {
  await page.goto("/");
  await keys.go("header a[href='/notifications']");
  await keys.go("main li:first-child form button");
  expect(page.url()).toContain(`${site.world.reviewed.reviewed}#regrades`);
  await keys.says(`regrade.state.${state}`);
  expect(await page.locator("#regrades").innerText()).toContain(words);
}
