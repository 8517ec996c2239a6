// A real Chromium. Where there is none, whoever asks is told so in a sentence.
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { LAUNCH_COOKIE } from "../support/lms-world.ts";

const path = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Why tests in a browser cannot run here; null where they can. */
export const noBrowser = existsSync(path)
  ? null
  : `there is no Chromium at ${path}: install it (apt-get install chromium), or name it in CHROMIUM`;

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: path, args: flags });
}

export interface Look {
  theme?: "light" | "dark";
  lang?: "en" | "zh";
  width?: number;
  height?: number;
  scripts?: boolean;
}

/** A page of its own, with nobody signed in, as somebody sees it who has chosen neither theme nor language. */
export async function openPage(browser: Browser, baseURL: string, look: Look = {}): Promise<Page> {
  const { theme = "light", lang = "en", width = 1280, height = 900, scripts = true } = look;
  const context = await browser.newContext({
    baseURL,
    viewport: { width, height },
    colorScheme: theme,
    locale: lang === "zh" ? "zh-CN" : "en-GB",
    javaScriptEnabled: scripts,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(15_000);
  await context.addCookies([{ ...LAUNCH_COOKIE, url: baseURL }]);
  return context.newPage();
}

export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto("/sign-in");
  await page.fill("input[name=email]", email);
  await page.fill("input[name=password]", password);
  await page.click("form[action='/sign-in'] button");
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}
