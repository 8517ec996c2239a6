// `npm run screenshots -- --out DIR [--only NAME] [--quick]`: a picture of every page for each role, theme, language
// and width, and an index to look at all of them in a minute. A real server, a real browser, a database of its own.
// `npm run screenshots -- --docs`: the few that docs/ shows, where it shows them (docs-pictures.ts).
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import { openEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { createLogger } from "../../src/platform/log.ts";
import { migrate } from "../../src/platform/migrate.ts";
import { startWebServer } from "../support/web-server.ts";
import { makeWorld, PASSWORD } from "../support/web-world.ts";
import { type Look, noBrowser, openBrowser, openPage, signIn } from "./browser.ts";
import { PICTURES_FOLDER, takeDocsPictures } from "./docs-pictures.ts";
import { emails, everyPage, type Role, type Shown } from "./pages.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
  },
});
if (noBrowser || (values.out === undefined && !values.docs)) {
  console.error(noBrowser ?? "say where the pictures go: --out DIR, or --docs");
  process.exit(2);
}

type Picture = {
  file: string;
  shown: Shown;
  look: Required<Pick<Look, "theme" | "lang" | "width">>;
  overflow: number;
};

const out = values.out ?? "";
const home = await mkdtemp(join(tmpdir(), "assay-pictures-"));
// The database's own account walks through it.
await chmod(home, 0o711);
const postgres = await openEmbeddedPostgres(home);
try {
  const { url, roles } = postgres;
  await migrate(url, ["cpu", "gpu"], roles);
  const server = await startWebServer(url, createLogger(process.env.LOG_LEVEL ?? "error"), roles);
  const world = await makeWorld(server.services);
  const browser = await openBrowser();
  if (values.docs)
    console.log(`${await takeDocsPictures(browser, server.url, world)} pictures in ${PICTURES_FOLDER}`);
  else process.exitCode = (await takePages(browser, server.url, everyPage(world))) > 0 ? 1 : 0;
  await browser.close();
  await server.stop();
} finally {
  await postgres.stop();
  await postgres.release();
  await rm(home, { recursive: true, force: true });
}

/** @returns how many pages are wider than their screen */
async function takePages(browser: Browser, url: string, pages: Shown[]): Promise<number> {
  await mkdir(out, { recursive: true });
  const shown = pages.filter(({ name }) => values.only === undefined || name.includes(values.only));
  const pictures = await takeAll(browser, url, shown);
  await writeFile(join(out, "index.html"), indexOf(pictures));
  const wide = pictures.filter(({ overflow }) => overflow > 0);
  for (const { file, overflow } of wide) console.error(`${file}: ${overflow} px wider than the screen`);
  console.log(`${pictures.length} pictures of ${shown.length} pages in ${out}`);
  return wide.length;
}

async function takeAll(browser: Browser, url: string, pages: Shown[]): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const role of ["nobody", "student", "ta", "instructor", "admin", "stranger"] as const) {
    const mine = pages.filter((page) => page.role === role);
    if (mine.length > 0) pictures.push(...(await takeAs(browser, url, role, mine)));
  }
  return pictures;
}

async function takeAs(browser: Browser, url: string, role: Role, pages: Shown[]): Promise<Picture[]> {
  const page = await openPage(browser, url);
  if (role !== "nobody") await signIn(page, emails[role], PASSWORD);
  const pictures: Picture[] = [];
  for (const theme of ["light", "dark"] as const) {
    for (const lang of ["en", "zh"] as const) {
      if (values.quick && (theme === "dark") !== (lang === "zh")) continue;
      await page.context().addCookies([
        { name: "assay_lang", value: lang, url },
        { name: "assay_theme", value: theme, url },
      ]);
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
        for (const shown of pages) pictures.push(await take(page, shown, { theme, lang, width }));
      }
    }
  }
  await page.context().close();
  return pictures;
}

async function take(page: Page, shown: Shown, look: Picture["look"]): Promise<Picture> {
  await page.goto(shown.path);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  const file = `${shown.role}-${shown.name}-${look.theme}-${look.lang}-${look.width}.png`;
  await page.screenshot({ path: join(out, file), fullPage: true });
  return { file, shown, look, overflow };
}

function indexOf(pictures: Picture[]): string {
  const groups = Map.groupBy(pictures, ({ shown }) => `${shown.role}: ${shown.name}`);
  const rows = [...groups].map(([title, of]) => {
    const figures = of.map(
      ({ file, look }) =>
        `<figure><a href="${file}"><img loading="lazy" src="${file}" alt=""></a><figcaption>${look.theme}, ${look.lang}, ${look.width}</figcaption></figure>`,
    );
    return `<section><h2>${title}</h2><div>${figures.join("")}</div></section>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page of Assay</title>
<style>body{font:15px system-ui;margin:2rem;background:#eee}section div{display:flex;flex-wrap:wrap;gap:1rem}
figure{margin:0}img{height:22rem;border:1px solid #999}</style><h1>Every page of Assay</h1>${rows.join("\n")}</html>`;
}
