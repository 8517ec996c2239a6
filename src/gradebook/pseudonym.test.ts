import { expect, test } from "vitest";
import { pseudonym } from "./pseudonym.ts";

test("a person has one in an assignment, another in the next", () => {
  expect(pseudonym("a", "p")).toEqual(pseudonym("a", "p"));
  expect(pseudonym("a", "p")).not.toEqual(pseudonym("b", "p"));
  expect(pseudonym("a", "p").en).toMatch(/^[A-Z][a-z]+ \d{3}$/);
});
