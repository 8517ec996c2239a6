import { totalmem } from "node:os";
import type { Check } from "./check.ts";

const GiB = 1024 ** 3;
/** A database, a server, a worker and one pair whose two sandboxes use 1 GiB each. */
const WANTED_BYTES = 3.5 * GiB;

export const memoryCheck: Check = {
  id: "memory",
  title: "Memory",
  required: false,
  async run() {
    const found = `${(totalmem() / GiB).toFixed(1)} GiB`;
    if (totalmem() >= WANTED_BYTES) return { state: "ok", found };
    return { state: "warning", found, mend: "start the worker with one slot: assay worker --slots 1" };
  },
};
