// What changed between two gradings, and between two uploads: pure, over what the reader may see of each.
import type { TestReport } from "../judge/report.ts";

export type Told = Pick<TestReport, "name" | "title" | "verdict" | "score" | "max">;

/** `other`: the same points, but it ended in another way. `gone` and `new`: only one of the two has it. */
export type TestChange = "higher" | "lower" | "other" | "new" | "gone" | "same";

export interface ComparedTest {
  name: string;
  title: Told["title"];
  before: Told | null;
  after: Told | null;
  change: TestChange;
}

/** In the order of the later one; what only the earlier one has stands at the end. */
export function compareTests(before: readonly Told[], after: readonly Told[]): ComparedTest[] {
  const earlier = new Map(before.map((test) => [test.name, test]));
  const later = new Set(after.map(({ name }) => name));
  const pairs = [
    ...after.map((test) => [earlier.get(test.name) ?? null, test] as const),
    ...before.filter(({ name }) => !later.has(name)).map((test) => [test, null] as const),
  ];
  return pairs.map(([was, is]) => {
    const { name, title } = (is ?? was)!;
    return { name, title, before: was, after: is, change: changeOf(was, is) };
  });
}

function changeOf(before: Told | null, after: Told | null): TestChange {
  if (!before) return "new";
  if (!after) return "gone";
  if (after.score !== before.score) return after.score > before.score ? "higher" : "lower";
  return after.verdict === before.verdict ? "same" : "other";
}

export interface Filed {
  path: string;
  bytes: number;
  sha256: string;
}

export interface ComparedFile {
  path: string;
  change: "added" | "removed" | "changed";
}

/** Files that are not the same in both, by path. */
export function compareFiles(before: readonly Filed[], after: readonly Filed[]): ComparedFile[] {
  const earlier = new Map(before.map(({ path, sha256 }) => [path, sha256]));
  const later = new Set(after.map(({ path }) => path));
  const changed = after.flatMap(({ path, sha256 }): ComparedFile[] => {
    const was = earlier.get(path);
    if (was === undefined) return [{ path, change: "added" }];
    return was === sha256 ? [] : [{ path, change: "changed" }];
  });
  const removed = before
    .filter(({ path }) => !later.has(path))
    .map(({ path }): ComparedFile => ({ path, change: "removed" }));
  return [...changed, ...removed].sort((a, b) => (a.path < b.path ? -1 : 1));
}
