// The pages of docs/ against what they speak of: links that lead somewhere, words that stand on the pages.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { en } from "../src/web/messages/en.ts";
import { zh } from "../src/web/messages/zh.ts";

const root = join(import.meta.dirname, "..");
const names = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"));
const paths = ["README.md", ...names.map((name) => `docs/${name}`)];
const texts = new Map(
  await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), "utf8")] as const)),
);

test.each(paths)("the links of %s lead to files that are there", (path) => {
  const links = [...texts.get(path)!.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target!);
  const dead = links.filter((link) => !/^https?:/.test(link) && !existsSync(join(root, dirname(path), link)));
  expect(dead).toEqual([]);
});

test("the README leads to every page", () => {
  const readme = texts.get("README.md")!;
  expect(names.filter((name) => !readme.includes(`docs/${name}`))).toEqual([]);
});

test.each(["student", "ta", "instructor"])(
  "the page for a %s is there in both languages, each leading to the other",
  (who) => {
    expect(texts.get(`docs/${who}.md`)).toContain(`(${who}.zh.md)`);
    expect(texts.get(`docs/${who}.zh.md`)).toContain(`(${who}.md)`);
  },
);

/** In bold stands what the reader finds on a page. */
test.each([
  ["en", en, ["student.md", "ta.md", "instructor.md"]],
  ["zh", zh, ["student.zh.md", "ta.zh.md", "instructor.zh.md"]],
] as const)("labels in bold are labels of the pages (%s)", (_, messages, pages) => {
  const labels = new Set<string>(Object.values(messages));
  for (const page of pages) {
    const bold = [...texts.get(`docs/${page}`)!.matchAll(/\*\*([^*]+)\*\*/g)].map(([, label]) =>
      label!.replace(/\s+/g, " "),
    );
    expect(
      bold.filter((label) => !labels.has(label)),
      page,
    ).toEqual([]);
    expect(bold.length).toBeGreaterThan(5);
  }
});
