import { expect, test } from "vitest";
import { otherDevice } from "./other-device.ts";

const on = (name: string | null) => ({ gpu: name === null ? null : { name, id: "any" } });

test.each([
  ["the same model is no news, whichever device it was", on("A100"), on("A100"), null],
  ["two CPUs are no news", on(null), on(null), null],
  ["another model is", on("A100"), on("H100"), { was: "A100", is: "H100" }],
  ["so is a slice of it", on("A100"), on("A100 3g.40gb"), { was: "A100", is: "A100 3g.40gb" }],
  ["from a CPU to a GPU", on(null), on("A100"), { was: null, is: "A100" }],
  ["from a GPU to a CPU", on("A100"), on(null), { was: "A100", is: null }],
  ["two GPUs of which one is another", on("A100"), on("A100, H100"), { was: "A100", is: "A100, H100" }],
  ["nothing was graded before", null, on("A100"), null],
  ["nothing is graded yet", on("A100"), null, null],
])("%s", (_, before, after, told) => expect(otherDevice(before, after)).toEqual(told));
