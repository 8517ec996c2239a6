// Every page, as everybody who sees it: no serious fault that axe knows, and no wider than a phone.
import { Hono } from "hono";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { AppEnv } from "../../src/http/services.ts";
import { mountWeb } from "../../src/web/web.ts";
import { faultsOf } from "./faults.ts";
import { everyPage } from "./pages.ts";
import { inBrowser } from "./site.ts";

const roles = ["nobody", "student", "ta", "instructor", "admin", "stranger"] as const;

const looks = [
  { theme: "light", lang: "en" },
  { theme: "dark", lang: "zh" },
] as const;

/** By how much the page, as it stands, is wider than a phone. */
async function tooWide(page: Page): Promise<string[]> {
  const before = page.viewportSize()!;
  await page.setViewportSize({ width: 390, height: 844 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewportSize(before);
  return width > 390 ? [`${width} px`] : [];
}

/** What the browser complains of from now on. */
function listenTo(page: Page): string[] {
  const said: string[] = [];
  page.on("console", (line) => line.type() === "error" && said.push(`${page.url()}: ${line.text()}`));
  page.on("pageerror", (error) => said.push(String(error)));
  return said;
}

/** Addresses that are no page of their own, each with what it is. */
const notPages: Record<string, string> = {
  "/assets/:name": "a file",
  "/assignments/:assignment/starter.zip": "a file",
  "/account/export": "a file",
  "/admin/people/:person/export": "a file",
  "/lti/keys": "for programs",
  "/pdf-frame": "the inside of a frame",
  "/assignments/:assignment/review": "leads on to a submission",
  "/lti/login": "leads on to a platform",
  "/sign-in/oidc": "leads on to a provider",
  "/sign-in/oidc/callback": "needs a provider's answer (test/sign-in)",
  "/reruns/:rerun/part": "a piece of a page",
  "/courses/:course/rota/part": "a piece of a page",
  "/imports/:import/part": "a piece of a page",
  "/submissions/:submission/report": "a piece of a page",
  "/suite-versions/:version/proof": "a piece of a page",
};

inBrowser("every page", (site) => {
  test("is in the list of pages, whatever was added", () => {
    const app = new Hono<AppEnv>();
    mountWeb(app);
    const paths = everyPage(site.world).map(({ path }) => new URL(path, "http://here").pathname);
    const shown = (route: string) => {
      const pattern = new RegExp(`^${route.replace(/:\w+/g, "[^/]+").replaceAll(".", "\\.")}$`);
      return paths.some((path) => pattern.test(path));
    };
    const routes = app.routes.filter(({ method }) => method === "GET").map(({ path }) => path);
    const forgotten = [...new Set(routes)].filter((route) => !(route in notPages) && !shown(route));
    expect(forgotten).toEqual([]);
    expect(Object.keys(notPages).filter((route) => !routes.includes(route))).toEqual([]);
  });

  test("a fault that is planted is found", async () => {
    const page = await site.as("nobody");
    await page.goto("/sign-in");
    await page.evaluate(() => document.querySelector("label")?.remove());
    expect((await faultsOf(page)).join()).toMatch(/^label: /);
    await page.evaluate(() => document.querySelector("form")!.style.setProperty("min-width", "500px"));
    expect((await tooWide(page)).join()).toMatch(/ px$/);
  });

  /** Two looks at everything of a role, side by side: what is closed is opened, then the window is made a phone's. */
  test.concurrent.each(roles.flatMap((role) => looks.map((look) => ({ role, ...look }))))(
    "has no serious fault, fits on a phone and keeps the content policy: for a $role, $theme, $lang",
    async ({ role, theme, lang }) => {
      const page = await site.as(role, { theme, lang });
      const said = listenTo(page);
      const found: string[] = [];
      for (const { name, path } of everyPage(site.world).filter((one) => one.role === role)) {
        said.length = 0;
        const answer = await page.goto(path);
        if (answer!.status() >= 500) found.push(`${name}: ${answer!.status()}`);
        await page.evaluate(() => {
          for (const closed of document.querySelectorAll("details.test-row")) closed.setAttribute("open", "");
        });
        found.push(...(await faultsOf(page)).map((fault) => `${name}: ${fault}`));
        found.push(...(await tooWide(page)).map((width) => `${name}: ${width}`));
        // The browser itself says so of an answer that is no page.
        if (answer!.ok()) found.push(...said.map((line) => `${name}: ${line}`));
      }
      expect(found).toEqual([]);
    },
    300_000,
  );
});
