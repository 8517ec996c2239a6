// What nvidia-smi prints, in the form that NVIDIA documents.
import { expect, test } from "vitest";
import { isOlder, parseDevices, TOOLKIT_FIXED } from "./nvidia.ts";

const GiB = 1024 ** 3;
const LISTED = `GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)
  MIG 1g.5gb      Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
  MIG 3g.20gb     Device  1: (UUID: MIG-GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77/2/0)
GPU 1: NVIDIA GeForce RTX 4090 (UUID: GPU-aaaaaaaa-d33d-2b2c-524d-9e3d8d2b8a77)
`;
const SIZES = `GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77, 40960
GPU-aaaaaaaa-d33d-2b2c-524d-9e3d8d2b8a77, 24576
`;

test("a GPU in slices is offered as its slices, another as itself", () => {
  expect(parseDevices(LISTED, SIZES)).toEqual([
    {
      id: "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f",
      name: "NVIDIA A100-SXM4-40GB 1g.5gb",
      ...{ vramBytes: 5 * GiB, mig: true, kind: "nvidia" },
    },
    {
      id: "MIG-GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77/2/0",
      name: "NVIDIA A100-SXM4-40GB 3g.20gb",
      ...{ vramBytes: 20 * GiB, mig: true, kind: "nvidia" },
    },
    {
      id: "GPU-aaaaaaaa-d33d-2b2c-524d-9e3d8d2b8a77",
      name: "NVIDIA GeForce RTX 4090",
      ...{ vramBytes: 24 * GiB, mig: false, kind: "nvidia" },
    },
  ]);
});

test.each([
  ["1.17.7", true],
  ["1.16.2", true],
  ["1.17.8", false],
  ["1.18.0", false],
  ["2.0.0", false],
])("toolkit %s is older than the fixed one: %s", (version, older) =>
  expect(isOlder(version, TOOLKIT_FIXED)).toBe(older),
);
