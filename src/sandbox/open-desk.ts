// The desk of what devices an engine has.
import { type DeskOptions, DeviceDesk } from "./device-desk.ts";
import type { SandboxDriver } from "./driver.ts";

export type OpenDeskOptions = Partial<Omit<DeskOptions, "devices" | "problem" | "detail">> & {
  /** `ASSAY_GPUS`; `auto` by default. */
  gpus?: string;
};

export async function openDesk(
  { devices }: Pick<SandboxDriver, "devices">,
  { gpus = "auto", ...options }: OpenDeskOptions = {},
) {
  const found = await devices.find(gpus);
  return new DeviceDesk({ driver: (device) => devices.driverOf(device), ...options, ...found });
}
