import { expect, test } from "vitest";
import { compareFiles, compareTests, type Told } from "./compare.ts";

const told = (name: string, verdict: Told["verdict"], score: number): Told => ({
  ...{ name, title: { en: name, zh: name } },
  ...{ verdict, score, max: 1000 },
});

test.each<[string, Told | null, Told | null, string]>([
  ["more points than before", told("a", "failed", 0), told("a", "passed", 1000), "higher"],
  ["fewer", told("a", "passed", 1000), told("a", "partial", 400), "lower"],
  ["as many, ended in another way", told("a", "failed", 0), told("a", "timeout", 0), "other"],
  ["nothing changed", told("a", "passed", 1000), told("a", "passed", 1000), "same"],
  ["a test that was not there", null, told("a", "failed", 0), "new"],
  ["a test that is no longer there", told("a", "passed", 1000), null, "gone"],
])("%s", (_, before, after, change) => {
  const [compared] = compareTests(before ? [before] : [], after ? [after] : []);
  expect(compared).toMatchObject({ name: "a", before, after, change });
});

test("tests stand in the later grading's order, those that are gone at the end", () => {
  const before = ["z", "a", "b"].map((name) => told(name, "passed", 1000));
  const after = ["b", "c", "a"].map((name) => told(name, "passed", 1000));
  expect(compareTests(before, after).map(({ name }) => name)).toEqual(["b", "c", "a", "z"]);
});

test("files are told apart by their content, and equal ones are not spoken of", () => {
  const file = (path: string, sha256: string) => ({ path, sha256, bytes: 1 });
  const before = [file("same.py", "1"), file("other.py", "2"), file("gone.py", "3")];
  const after = [file("same.py", "1"), file("other.py", "4"), file("new.py", "5")];
  expect(compareFiles(before, after)).toEqual([
    { path: "gone.py", change: "removed" },
    { path: "new.py", change: "added" },
    { path: "other.py", change: "changed" },
  ]);
});
