import fc from "fast-check";
import { expect, test } from "vitest";
import { type PlannedDevice, type PlannedEntry, planRuns } from "./rota-plan.ts";

const device = (id: string, given: Partial<PlannedDevice> = {}): PlannedDevice => ({
  ...{ id, worker: "w", vramBytes: 8, mig: false, freeIn: 0 },
  ...given,
});
const entry = (id: string, given: Partial<PlannedEntry> = {}): PlannedEntry => ({
  ...{ id, team: id, need: { count: 1, min_vram: 4, mig: false }, most: 1, takes: 60, spent: false },
  ...given,
});
const large = { count: 1, min_vram: 16, mig: false };
const two = { count: 2, min_vram: 4, mig: false };
const slice = device("s", { mig: true });

type Case = [
  what: string,
  order: PlannedEntry[],
  devices: PlannedDevice[],
  running: { team: string; endsIn: number }[],
  starts: Record<string, [number, string]>,
];
const cases: Case[] = [
  ["a free device takes the first at once", [entry("a")], [device("x")], [], { a: [0, "x"] }],
  [
    "each takes the next when it is free",
    [entry("a"), entry("b"), entry("c")],
    [device("x", { freeIn: 30 }), device("y", { freeIn: 100 })],
    [],
    { a: [30, "x"], b: [90, "x"], c: [100, "y"] },
  ],
  [
    "what takes longer keeps its device longer",
    [entry("a", { takes: 500 }), entry("b", { takes: 10 }), entry("c")],
    [device("x"), device("y")],
    [],
    { a: [0, "x"], b: [0, "y"], c: [10, "y"] },
  ],
  ["no device: nothing begins", [entry("a")], [], [], {}],
  [
    "a device that is too small is left to who fits it, though they come later",
    [entry("a", { need: large }), entry("b")],
    [device("x", { freeIn: 5 }), device("big", { vramBytes: 24, freeIn: 300 })],
    [],
    { a: [300, "big"], b: [5, "x"] },
  ],
  [
    "what fits nowhere holds nobody up",
    [entry("a", { need: large }), entry("b")],
    [device("x")],
    [],
    { b: [0, "x"] },
  ],
  [
    "a slice is for who is content with one",
    [entry("a"), entry("b", { need: { count: 1, min_vram: 4, mig: true } })],
    [slice],
    [],
    { b: [0, "s"] },
  ],
  [
    "a group that has its share waits until one of its own ends; the next group's begins before",
    [entry("a1", { team: "a" }), entry("b1", { team: "b" })],
    [device("x", { freeIn: 90 }), device("y")],
    [{ team: "a", endsIn: 90 }],
    { a1: [90, "x"], b1: [0, "y"] },
  ],
  [
    "and no longer than that, though a device is free",
    [entry("a1", { team: "a" }), entry("a2", { team: "a" })],
    [device("x"), device("y")],
    [],
    { a1: [0, "x"], a2: [60, "x"] },
  ],
  [
    "who has nothing left of the week begins not at all, and others go on",
    [entry("a", { spent: true }), entry("b")],
    [device("x")],
    [],
    { b: [0, "x"] },
  ],
  [
    "two devices at once are of one worker",
    [entry("a", { need: two }), entry("b")],
    [device("x"), device("y", { worker: "v" }), device("z", { worker: "v", freeIn: 40 })],
    [],
    { a: [40, "y+z"], b: [0, "x"] },
  ],
];
test.each(cases)("%s", (_, order, devices, running, starts) => {
  const planned = [...planRuns(order, devices, running)];
  expect(
    Object.fromEntries(planned.map(([id, { startsIn, devices }]) => [id, [startsIn, devices.join("+")]])),
  ).toEqual(starts);
});

test("whatever waits, no two have one device at a time, and no team more than it may", () => {
  const someEntry = fc.record({
    id: fc.uuid(),
    team: fc.constantFrom("p", "q"),
    need: fc.record({
      count: fc.integer({ min: 1, max: 2 }),
      min_vram: fc.constantFrom(4, 16),
      mig: fc.boolean(),
    }),
    most: fc.integer({ min: 1, max: 2 }),
    takes: fc.integer({ min: 0, max: 90 }),
    spent: fc.boolean(),
  });
  const fleet = [device("x"), device("y", { freeIn: 9 }), device("z", { vramBytes: 24 }), slice];
  const every = fc.uniqueArray(someEntry, { selector: (one) => one.id, maxLength: 12 });
  fc.assert(
    fc.property(every, (order) => {
      const planned = planRuns(order, fleet, []);
      const runs = order.flatMap((one) => (planned.has(one.id) ? [{ ...one, ...planned.get(one.id)! }] : []));
      for (const one of runs) {
        const beside = runs.filter(
          ({ startsIn, endsIn }) => startsIn <= one.startsIn && one.startsIn < endsIn,
        );
        const used = beside.flatMap(({ devices }) => devices);
        expect(new Set(used).size).toBe(used.length);
        expect(beside.filter(({ team }) => team === one.team).length).toBeLessThanOrEqual(2);
        expect(one.devices).toHaveLength(one.need.count);
      }
    }),
  );
});
