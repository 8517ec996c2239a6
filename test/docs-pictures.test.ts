// Pictures in docs/: each is there, each is made by the one command, each stays small.
import { readdir, readFile, stat } from "node:fs/promises";
import { join, normalize } from "node:path";
import { expect, test } from "vitest";
import { docsPictures, fileOf, PICTURES_FOLDER } from "./e2e/docs-pictures.ts";

const FILE_LIMIT_BYTES = 100_000;
const ALL_LIMIT_BYTES = 2_000_000;

const listed = docsPictures.flatMap((picture) =>
  picture.langs.map((lang) => join(PICTURES_FOLDER, fileOf(picture, lang))),
);
const named: { page: string; alt: string; at: string }[] = [];
for (const page of (await readdir("docs")).filter((name) => name.endsWith(".md"))) {
  for (const [, alt, path] of (await readFile(join("docs", page), "utf8")).matchAll(
    /!\[([^\]]*)\]\(([^)\s]+)\)/g,
  ))
    named.push({ page, alt: alt!, at: normalize(join("docs", path!)) });
}

test("what a page shows is what the command makes, and says in words what it shows", () => {
  expect([...new Set(named.map(({ at }) => at))].sort()).toEqual([...listed].sort());
  expect(named.filter(({ alt }) => alt.length < 10)).toEqual([]);
  // A page shows its own language.
  const foreign = named.filter(({ page, at }) => at.includes(".zh.") !== page.includes(".zh."));
  expect(foreign).toEqual([]);
});

test("every picture is there and small, and nothing else lies beside them", async () => {
  const files = (await readdir(PICTURES_FOLDER)).map((name) => join(PICTURES_FOLDER, name));
  expect(files.sort()).toEqual([...listed].sort());
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  expect(files.filter((_, at) => sizes[at]! > FILE_LIMIT_BYTES || sizes[at]! < 1000)).toEqual([]);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(ALL_LIMIT_BYTES);
});
