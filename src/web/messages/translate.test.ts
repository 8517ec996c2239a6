import { expect, test } from "vitest";
import { en } from "./en.ts";
import { type MessageKey, translator } from "./translate.ts";
import { zh } from "./zh.ts";

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
const keys = Object.keys(en) as MessageKey[];

test.each(keys)("%s says the same with the same placeholders in both languages", (key) => {
  expect(placeholders(zh[key])).toEqual(placeholders(en[key]));
  expect(zh[key].trim()).not.toBe("");
});

test("no text is left in English", () => {
  const same = keys.filter((key) => zh[key] === en[key] && /[a-z]{3}/i.test(en[key]));
  expect(same).toEqual(["app.name", "graded.cpu", "graded.gpu"]);
});

test("placeholders are filled, unknown ones stay to be seen", () => {
  expect(translator("en")("nav.courses")).toBe("Courses");
});
