// Somebody with a keyboard and no mouse: where Tab does not lead, the way ends.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { type MessageKey, translator } from "../../src/web/messages/translate.ts";
import { PASSWORD } from "../support/web-world.ts";
import { emails, type Role } from "./pages.ts";
import type { Site } from "./site.ts";

export type Lang = "en" | "zh";
/** More presses than any page has places. */
const TABS = 150;

export type Keys = ReturnType<typeof keysOf>;

/** Somebody with a keyboard: goes on by Tab to a place, and presses. */
export function keysOf(page: Page, lang: Lang) {
  const t = translator(lang);
  const { keyboard } = page;
  // Asked for at once: the browser would open a window of its own before it hears of it.
  page.on("filechooser", () => {});
  const reach = async (place: string): Promise<void> => {
    for (let presses = 0; presses < TABS; presses++) {
      await keyboard.press("Tab");
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), place)) return;
    }
    throw new Error(`${place} cannot be reached by Tab at ${page.url()}`);
  };
  return {
    reach,
    says: (key: MessageKey, params = {}) => page.getByText(t(key, params)).first().waitFor(),
    press: (key: string) => keyboard.press(key),
    async type(place: string, words: string) {
      await reach(place);
      await keyboard.press("Control+A");
      await keyboard.type(words);
    },
    /** From a list: opened, gone through by arrow, chosen. */
    async pick(place: string, value: string) {
      await reach(place);
      for (let presses = 0; presses < TABS; presses++) {
        await keyboard.press("ArrowDown");
        // The list is the browser's own or the page's; in the page's own the focus is on its lines.
        const at = await page.evaluate(() => (document.activeElement as unknown as { value: string }).value);
        if (at === value) {
          if (await page.evaluate(() => document.activeElement?.matches("option")))
            await keyboard.press("Enter");
          return;
        }
      }
      throw new Error(`${value} cannot be chosen from ${place}`);
    },
    /** What loads another page. */
    async go(place: string, key = "Enter") {
      await reach(place);
      await Promise.all([page.waitForEvent("load"), keyboard.press(key)]);
    },
    async sent() {
      await Promise.all([page.waitForEvent("load"), keyboard.press("Enter")]);
    },
    async choose(place: string, file: string) {
      await reach(place);
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), keyboard.press("Enter")]);
      await chooser.setFiles(file);
    },
  };
}

/** Signs in by keyboard, in a language. */
export async function openByKeys(
  site: Site,
  role: Exclude<Role, "nobody">,
  lang: Lang,
): Promise<{ page: Page; keys: Keys }> {
  const page = await site.as("nobody", { lang });
  const keys = keysOf(page, lang);
  await page.goto("/sign-in");
  await keys.type("input[name=email]", emails[role]);
  await keys.type("input[name=password]", PASSWORD);
  await keys.sent();
  expect(await page.locator("html").getAttribute("lang")).toBe(lang === "zh" ? "zh-CN" : "en");
  return { page, keys };
}
