import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { IMAGE_KINDS, imageNames, imageRecipe } from "./image-recipe.ts";

test("every image is named by what goes in, and both kinds differ", () => {
  for (const name of imageNames()) {
    const [student, harness] = IMAGE_KINDS.map((kind) => imageRecipe(name, kind));
    expect(student?.tag).toMatch(/^[0-9a-f]{16}$/);
    expect(student?.tag).not.toBe(harness?.tag);
    expect(student?.base).toBe(harness?.base);
  }
});

test("the student's image gets the runner and the wire, and nothing of the harness", () => {
  const paths = imageRecipe("python-ml", "student").code.map(({ path }) => path);
  expect(paths).toContain("opt/assay/runner/main.py");
  expect(paths).toContain("opt/assay/wire/wire.py");
  expect(paths.filter((path) => /harness|test/.test(path))).toEqual([]);
});

test("no package of the harness is in the student's list", () => {
  const { packages } = imageRecipe("python-ml", "student");
  expect(packages.harness.filter((name) => packages.student.includes(name))).toEqual([]);
  expect(packages.student.join()).not.toMatch(/pytest/);
});

test("an image that is not in sandbox/images is refused", () => {
  expect(() => imageRecipe("../../etc", "student")).toThrow("there is no image");
});

test("the image for GPUs is slimmed by the very script of the CPU's: each is built from its own folder alone", () => {
  const slim = (image: string) =>
    readFileSync(new URL(`../../sandbox/images/${image}/slim.sh`, import.meta.url), "utf8");
  expect(slim("python-cuda")).toBe(slim("python-ml"));
});
