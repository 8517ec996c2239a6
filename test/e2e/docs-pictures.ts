// The pictures that docs/ shows: taken from the tests' small course, whose people are invented, so that they stay true.
// `npm run screenshots -- --docs` writes all of them; test/docs-pictures.test.ts holds this list against the pages.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { PASSWORD, type World } from "../support/web-world.ts";
import { openPage, signIn } from "./browser.ts";
import { emails, everyPage, type Role } from "./pages.ts";

export const PICTURES_FOLDER = "docs/pictures";
const [WIDTH, QUALITY] = [1120, 80];

export interface DocsPicture {
  /** In PICTURES_FOLDER: `name.lang.webp`. */
  name: string;
  /** Of pages.ts. */
  page: string;
  role: Exclude<Role, "nobody">;
  langs: ("en" | "zh")[];
  height: number;
}

export const docsPictures: DocsPicture[] = [
  { name: "assignment", page: "assignment", role: "student", langs: ["en", "zh"], height: 820 },
  { name: "report", page: "report", role: "student", langs: ["en", "zh"], height: 900 },
  { name: "review", page: "review", role: "ta", langs: ["en", "zh"], height: 820 },
  { name: "suite", page: "suite-proved", role: "instructor", langs: ["en", "zh"], height: 900 },
  { name: "rerun", page: "rerun", role: "instructor", langs: ["en", "zh"], height: 700 },
  { name: "moving-in", page: "import", role: "instructor", langs: ["en"], height: 900 },
  { name: "administration", page: "admin", role: "admin", langs: ["en"], height: 820 },
];

export const fileOf = ({ name }: DocsPicture, lang: "en" | "zh") => `${name}.${lang}.webp`;

/** @returns how many were written */
export async function takeDocsPictures(browser: Browser, url: string, world: World): Promise<number> {
  await mkdir(PICTURES_FOLDER, { recursive: true });
  let taken = 0;
  for (const picture of docsPictures) {
    const shown = everyPage(world).find(({ name, role }) => name === picture.page && role === picture.role);
    if (!shown) throw new Error(`pages.ts has no ${picture.page} of a ${picture.role}`);
    for (const lang of picture.langs) {
      const page = await openPage(browser, url, { lang, width: WIDTH, height: picture.height });
      await signIn(page, emails[picture.role], PASSWORD);
      await page.goto(shown.path);
      // Playwright itself writes no WebP, which is a third of a PNG.
      const session = await page.context().newCDPSession(page);
      const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY });
      await writeFile(join(PICTURES_FOLDER, fileOf(picture, lang)), Buffer.from(data, "base64"));
      await page.context().close();
      taken++;
    }
  }
  return taken;
}
