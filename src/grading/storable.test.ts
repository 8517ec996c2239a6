import { expect, test } from "vitest";
import { freshDatabase } from "../../test/support/database.ts";
import { storable } from "./storable.ts";

const { sql } = await freshDatabase();

test.each([
  ["NUL", "a\0b", "a\ufffdb"],
  ["half a pair", "x\ud800y", "x\ufffdy"],
  ["a whole pair stays", "😀", "😀"],
  ["keys and depth", { "k\0": [{ deep: "\udc00" }] }, { "k\ufffd": [{ deep: "\ufffd" }] }],
  ["numbers, null and booleans stay", [1.5, null, true], [1.5, null, true]],
])("%s", async (_, given, wanted) => {
  expect(storable(given)).toEqual(wanted);
  const [row] = await sql`select ${JSON.stringify(storable(given))}::text::jsonb as value`;
  expect(row?.value).toEqual(wanted);
});
