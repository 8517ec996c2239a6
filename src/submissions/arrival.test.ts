import fc from "fast-check";
import { expect, test } from "vitest";
import { startedDays } from "../scoring/lateness.ts";
import { claimEnds, countedAt } from "./arrival.ts";

const at = (time: string) => new Date(`2026-11-${time}Z`);
const due = at("20T23:59:00");

test.each<[string, string | null, string, string, number]>([
  ["begun 23:59:50, ended ten minutes later", "20T23:59:50", "21T00:09:50", "20T23:59:50", 0],
  ["begun 00:00:01", "21T00:00:01", "21T00:09:50", "21T00:00:01", 1],
  ["claimed in the last millisecond of the minute", "20T23:59:59.999", "21T00:30:00", "20T23:59:59.999", 0],
  ["claimed in the first of the next", "21T00:00:00.000", "21T00:30:00", "21T00:00:00.000", 1],
  ["not claimed, ended in time", null, "20T23:59:59.999", "20T23:59:59.999", 0],
  ["not claimed, ended late", null, "21T00:00:00", "21T00:00:00", 1],
  ["claimed, here at the end of the window", "20T23:59:50", "21T00:59:50", "20T23:59:50", 0],
  ["claimed, here a millisecond after it", "20T23:59:50", "21T00:59:50.001", "21T00:59:50.001", 1],
  ["claimed long ago, here in time", "20T12:00:00", "20T23:00:00", "20T23:00:00", 0],
  ["a claim from after the bytes claims nothing", "20T23:59:59", "20T23:59:58", "20T23:59:58", 0],
  ["claim and last byte at once", "20T23:59:58", "20T23:59:58", "20T23:59:58", 0],
])("%s", (_, claimed, last, counted, days) => {
  const received = countedAt(
    { claimedAt: claimed === null ? null : at(claimed), lastByteAt: at(last) },
    3600,
  );
  expect(received).toEqual(at(counted));
  expect(startedDays(due, received, 0)).toBe(days);
});

test("a claim never makes an upload later, nor earlier than the claim", () => {
  const moment = fc.integer({ min: 0, max: 10_000_000 }).map((ms) => new Date(due.getTime() + ms));
  fc.assert(
    fc.property(moment, moment, fc.nat(7200), (claimedAt, lastByteAt, window) => {
      const counted = countedAt({ claimedAt, lastByteAt }, window);
      expect(counted <= lastByteAt).toBe(true);
      expect(counted >= claimedAt || counted >= lastByteAt).toBe(true);
    }),
  );
});

test("the end of the window is said as it is judged", () => {
  const claimedAt = at("20T23:59:50");
  const lastByteAt = claimEnds(claimedAt, 600);
  expect(countedAt({ claimedAt, lastByteAt }, 600)).toEqual(claimedAt);
});
