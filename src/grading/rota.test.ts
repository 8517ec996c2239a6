import fc from "fast-check";
import { expect, test } from "vitest";
import { BATCH_BELOW } from "./priority.ts";
import { estimatedStarts, mostOfATeam, NEAR_SECONDS, nextUp, type RotaEntry, rotaOrder } from "./rota.ts";

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

test("one group's queue cannot hold all devices: the next group's only job begins beside it", () => {
  const waiting = [
    entry("a1", { team: "a" }),
    entry("a2", { team: "a" }),
    entry("b1", { team: "b", priority: -1 }),
  ];
  const order = rotaOrder(waiting, now);
  const cap = () => mostOfATeam(2);
  expect(nextUp(order, new Map(), cap, () => true)?.id).toBe("a1");
  expect(nextUp(order.slice(1), new Map([["a", 1]]), cap, () => true)?.id).toBe("b1");
  expect(nextUp([order[1]!], new Map([["a", 1]]), cap, () => true)).toBeNull();
});

test("starts are estimated from when devices are free and what jobs take", () => {
  const order = [entry("a"), entry("b"), entry("c")];
  expect([...estimatedStarts(order, [30, 100], () => 60).entries()]).toEqual([
    ["a", 30],
    ["b", 90],
    ["c", 100],
  ]);
  expect([...estimatedStarts(order, [], () => 60).values()]).toEqual([null, null, null]);
});
