import { expect, test } from "vitest";
import { choose, readDevices } from "./devices.ts";

const GiB = 1024 ** 3;
const whole = (gib: number) => ({ vramBytes: gib * GiB, mig: false });
const slice = (gib: number) => ({ vramBytes: gib * GiB, mig: true });
const need = (given = {}) => ({ count: 1, min_vram: 8 * GiB, mig: false, ...given });

test.each([
  ["a device that is too small is not given", [whole(4)], need(), null],
  ["a slice is given only where the suite takes slices", [slice(10)], need(), null],
  ["a slice does where it is large enough", [slice(10)], need({ mig: true }), [slice(10)]],
  [
    "the smallest that does is taken, so that the large one stays free",
    [whole(80), whole(16)],
    need(),
    [whole(16)],
  ],
  ["a job of two gets two or nothing", [whole(16)], need({ count: 2 }), null],
  ["a job of two gets two", [whole(16), whole(24)], need({ count: 2 }), [whole(16), whole(24)]],
])("%s", (_, free, wanted, given) => expect(choose(free, wanted)).toEqual(given));

test("an operator names devices; a simulated one says in its name that it is none", () => {
  expect(readDevices("GPU-1=A100=40GiB, simulated:sim-0=test=8GiB, MIG-7=A100 1g=5GiB")).toEqual([
    { id: "GPU-1", name: "A100", vramBytes: 40 * GiB, mig: false, kind: "nvidia" },
    { id: "sim-0", name: "simulated (no GPU): test", vramBytes: 8 * GiB, mig: false, kind: "simulated" },
    { id: "MIG-7", name: "A100 1g", vramBytes: 5 * GiB, mig: true, kind: "nvidia" },
  ]);
  expect([readDevices("auto"), readDevices("none")]).toEqual(["auto", []]);
});

test.each(["GPU-1", "GPU-1=A100", "GPU-1=A100=lots", "GPU-1=A=8GiB,GPU-1=A=8GiB", "all=x=1GiB;rm"])(
  "%s is refused with a sentence that names the variable",
  (text) => expect(() => readDevices(text)).toThrow(/ASSAY_GPUS/),
);
