import fc from "fast-check";
import { expect, test } from "vitest";
import { BATCH_BELOW } from "./priority.ts";
import {
  aheadFor,
  mostAtATime,
  mostOfATeam,
  movedOrder,
  NEAR_SECONDS,
  type RotaEntry,
  rotaOrder,
} from "./rota.ts";

const now = new Date("2026-11-27T12:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const entry = (id: string, given: Partial<RotaEntry> = {}): RotaEntry => ({
  id,
  team: id,
  crowd: "course",
  priority: 0,
  wantedBy: null,
  createdAt: now,
  ahead: 0,
  ...given,
});
const ids = (entries: RotaEntry[]) => entries.map(({ id }) => id);

test.each([
  ["what is near its deadline goes first", [entry("a"), entry("b", { wantedBy: later(3600) })], ["b", "a"]],
  [
    "a deadline that is a day off, or past, hurries nobody",
    [entry("a"), entry("b", { wantedBy: later(NEAR_SECONDS) }), entry("c", { wantedBy: later(-1) })],
    ["a", "b", "c"],
  ],
  ["who has more waiting comes later", [entry("a", { priority: -10_000 }), entry("b")], ["b", "a"]],
  ["among equals the older goes first", [entry("b", { createdAt: later(1) }), entry("a")], ["a", "b"]],
  [
    "a re-run waits for everybody, whatever its deadline",
    [entry("a", { priority: -BATCH_BELOW, wantedBy: later(60) }), entry("b")],
    ["b", "a"],
  ],
  ["staff move work forward", [entry("a"), entry("b", { ahead: 1 })], ["b", "a"]],
  [
    "and never before another course's",
    [entry("a", { crowd: "other" }), entry("b"), entry("c", { ahead: 9 })],
    ["a", "c", "b"],
  ],
])("%s", (_, waiting, order) => expect(ids(rotaOrder(waiting, now))).toEqual(order));

const someEntry = fc.record({
  id: fc.uuid(),
  team: fc.constantFrom("p", "q", "r"),
  crowd: fc.constantFrom("one", "two"),
  priority: fc.integer({ min: -30_000, max: 0 }),
  wantedBy: fc.option(fc.integer({ min: -90_000, max: 200_000 }).map(later)),
  createdAt: fc.integer({ min: -90_000, max: 0 }).map(later),
  ahead: fc.integer({ min: -3, max: 3 }),
});

test("whatever staff move, another course's places stay as they are", () => {
  fc.assert(
    fc.property(fc.uniqueArray(someEntry, { selector: (one) => one.id }), (waiting) => {
      const moved = rotaOrder(waiting, now);
      const unmoved = rotaOrder(
        waiting.map((one) => ({ ...one, ahead: 0 })),
        now,
      );
      expect(moved.map(({ crowd }) => crowd)).toEqual(unmoved.map(({ crowd }) => crowd));
      expect(ids(moved).toSorted()).toEqual(ids(waiting).toSorted());
    }),
  );
});

test.each([
  [1, 1],
  [2, 1],
  [4, 3],
])("of %i devices one group holds at most %i", (devices, most) => expect(mostOfATeam(devices)).toBe(most));

test.each([
  ["a student's", 0, 2, 4, 2],
  ["a student's where there are few devices", 0, 3, 2, 1],
  ["a batch's", -BATCH_BELOW, 1, 8, 1],
])("%s team has at most its places at a time, and never every device", (_, priority, slots, devices, most) =>
  expect(mostAtATime(priority, slots, devices)).toBe(most),
);

test.each([
  ["first", "c", ["c", "a", "b", "d"]],
  ["earlier", "c", ["a", "c", "b", "d"]],
  ["earlier", "a", ["a", "b", "c", "d"]],
  ["later", "b", ["a", "c", "b", "d"]],
  ["later", "d", ["a", "b", "c", "d"]],
  ["last", "a", ["b", "c", "d", "a"]],
  ["first", "gone", ["a", "b", "c", "d"]],
] as const)("%s: %s is moved", (move, id, order) =>
  expect(movedOrder(["a", "b", "c", "d"], id, move)).toEqual(order),
);

test.each([
  ["the order as it is by itself", ["a", "b", "c"], { a: 0, b: 0, c: 0 }],
  ["the last goes first", ["c", "a", "b"], { c: 1, a: 0, b: 0 }],
  ["the first goes one later", ["b", "a", "c"], { b: 1, a: 0, c: 0 }],
  ["the first goes last", ["b", "c", "a"], { b: 1, c: 1, a: 0 }],
  ["the other way round", ["c", "b", "a"], { c: 2, b: 1, a: 0 }],
])("staff's order needs no more than it must: %s", (_, wanted, ahead) =>
  expect(Object.fromEntries(aheadFor(wanted, ["a", "b", "c"]))).toEqual(ahead),
);

test("whatever order staff want among their own, the queue then has it, and others' places stay", () => {
  const shuffled = fc
    .uniqueArray(someEntry, { selector: (one) => one.id, minLength: 1 })
    .chain((waiting) =>
      fc.tuple(fc.constant(waiting), fc.shuffledSubarray(waiting, { minLength: waiting.length })),
    );
  fc.assert(
    fc.property(shuffled, ([waiting, shuffle]) => {
      const own = (entries: RotaEntry[]) => ids(entries.filter(({ crowd }) => crowd === "one"));
      const fair = rotaOrder(
        waiting.map((one) => ({ ...one, ahead: 0 })),
        now,
      );
      const ahead = aheadFor(own(shuffle), own(fair));
      const moved = rotaOrder(
        waiting.map((one) => ({ ...one, ahead: ahead.get(one.id) ?? 0 })),
        now,
      );
      expect(own(moved)).toEqual(own(shuffle));
      expect(moved.map(({ crowd }) => crowd)).toEqual(fair.map(({ crowd }) => crowd));
    }),
  );
});
