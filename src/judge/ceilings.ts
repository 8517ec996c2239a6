// What a suite may ask for on this installation. A sandbox gets no more than the ceiling whatever is asked; told
// late or not at all, students would be graded under other limits than their sheet says.
import type { z } from "zod";
import { CEILING } from "../sandbox/container.ts";
import type { SuiteConfig } from "./suite.ts";

const MiB = 1024 ** 2;

/** Adds an issue for each limit above the installation's. For zod's `superRefine`. */
export function refuseAboveCeiling({ limits }: SuiteConfig, context: z.core.$RefinementCtx): void {
  const refuse = (key: string, most: string, variable: string) =>
    context.addIssue({
      code: "custom",
      path: ["limits", key],
      message: `this installation gives at most ${most} (its administrator can raise ${variable})`,
    });
  if (limits.cpus > CEILING.cpus) refuse("cpus", `${CEILING.cpus}`, "ASSAY_LIMIT_CPUS");
  if (limits.memory > CEILING.memoryBytes)
    refuse("memory", `${Math.floor(CEILING.memoryBytes / MiB)}MiB`, "ASSAY_LIMIT_MEMORY");
  if (limits.pids > CEILING.pids) refuse("pids", `${CEILING.pids}`, "ASSAY_LIMIT_PIDS");
  if (limits.wall > CEILING.wallSeconds)
    refuse("wall", `${CEILING.wallSeconds}s`, "ASSAY_LIMIT_WALL_SECONDS");
}
