// Every page, as everybody who sees it: no serious fault that axe knows, and no wider than a phone.
import { AxeBuilder } from "@axe-core/playwright";
import { Hono } from "hono";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { AppEnv } from "../../src/http/services.ts";
import { mountWeb } from "../../src/web/web.ts";
import { everyPage } from "./pages.ts";
import { inBrowser } from "./site.ts";

const roles = ["nobody", "student", "ta", "instructor", "admin", "stranger"] as const;

/** Serious faults of the page as it stands, each with its place. */
async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

/** Addresses that are no page of their own, each with what it is. */
const notPages: Record<string, string> = {
  "/assets/:name": "a file",
  "/assignments/:assignment/starter.zip": "a file",
  "/lti/keys": "for programs",
  "/pdf-frame": "the inside of a frame",
  "/assignments/:assignment/review": "leads on to a submission",
  "/lti/login": "leads on to a platform",
  "/lti/arrive": "needs a platform's launch (test/lms)",
  "/sign-in/oidc": "leads on to a provider",
  "/sign-in/oidc/callback": "needs a provider's answer (test/sign-in)",
  "/reruns/:rerun/part": "a piece of a page",
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
  });

  test.each(roles.flatMap((role) => (["light", "dark"] as const).map((theme) => ({ role, theme }))))(
    "has no serious fault for a $role in the $theme",
    async ({ role, theme }) => {
      const page = await site.as(role, { theme, lang: theme === "dark" ? "zh" : "en" });
      const found: string[] = [];
      for (const shown of everyPage(site.world).filter((one) => one.role === role)) {
        const answer = await page.goto(shown.path);
        if (answer!.status() >= 500) found.push(`${shown.name}: ${answer!.status()}`);
        // What is closed is looked at too.
        await page.evaluate(() => {
          for (const closed of document.querySelectorAll("details.test-row")) closed.setAttribute("open", "");
        });
        found.push(...(await faultsOf(page)).map((fault) => `${shown.name}: ${fault}`));
      }
      expect(found).toEqual([]);
    },
    120_000,
  );

  test.each(roles)(
    "fits on a phone for a %s",
    async (role) => {
      const page = await site.as(role, { width: 390, height: 844 });
      const wide: string[] = [];
      for (const shown of everyPage(site.world).filter((one) => one.role === role)) {
        await page.goto(shown.path);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > 390) wide.push(`${shown.name}: ${width} px`);
      }
      expect(wide).toEqual([]);
    },
    60_000,
  );

  test("breaks no rule of the content policy", async () => {
    const page = await site.as("student");
    const said: string[] = [];
    page.on("console", (line) => line.type() === "error" && said.push(`${page.url()}: ${line.text()}`));
    page.on("pageerror", (error) => said.push(String(error)));
    for (const { path, name } of everyPage(site.world).filter((one) => one.role === "student")) {
      if (name !== "not-found") await page.goto(path);
    }
    expect(said).toEqual([]);
  }, 60_000);
});
