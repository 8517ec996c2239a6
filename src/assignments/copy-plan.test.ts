import { expect, test } from "vitest";
import { shiftDaysOf } from "./copy-plan.ts";

test.each([
  ["364d", 364],
  ["-7d", -7],
  ["30", 30],
  ["1w", null],
  ["", null],
])("--shift %j is %s days", (text, days) => expect(shiftDaysOf(text)).toBe(days));
