// For the tests of this folder: one server, one course and one browser a file.
import type { Browser, Page } from "playwright-core";
import { beforeAll, describe } from "vitest";
import type { Database } from "../../src/platform/database.ts";
import { freshDatabase, testLog } from "../support/database.ts";
import { startWebServer, type WebServer } from "../support/web-server.ts";
import { makeWorld, PASSWORD, type World } from "../support/web-world.ts";
import { type Look, noBrowser, openBrowser, openPage, signIn } from "./browser.ts";
import { emails, type Role } from "./pages.ts";

export interface Site {
  server: WebServer;
  world: World;
  /** With what a worker may do: for tests that grade. */
  worker: Database;
  /** A page of somebody who has signed in. */
  as(role: Role, look?: Look): Promise<Page>;
}

/** Describes behaviour in a browser; where there is none, the tests are skipped and say why. */
export function inBrowser(title: string, tests: (site: Site) => void): void {
  const name = noBrowser === null ? title : `${title} (${noBrowser})`;
  describe.skipIf(noBrowser !== null)(name, () => {
    const site = {} as Site;
    let browser: Browser;
    const pages: Page[] = [];
    beforeAll(async () => {
      const database = await freshDatabase();
      site.server = await startWebServer(database.url, testLog, database.roles);
      site.worker = database.as("worker");
      site.world = await makeWorld(site.server.services);
      browser = await openBrowser();
      site.as = async (role, look = {}) => {
        const page = await openPage(browser, site.server.url, look);
        pages.push(page);
        if (role !== "nobody") await signIn(page, emails[role], PASSWORD);
        return page;
      };
      return async () => {
        await Promise.all(pages.map((page) => page.context().close()));
        await browser.close();
        await site.server.stop();
      };
    }, 120_000);
    tests(site);
  });
}
