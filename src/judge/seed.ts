import { createHmac } from "node:crypto";
import type { SuiteConfig } from "./suite.ts";

/**
 * The key that seeds a run's tests: HMAC-SHA-256 of the version's secret with the submission's hash, so that
 * the same ZIP meets the same inputs and a changed one meets new ones; with `seed: fixed`, one key for all.
 */
export function runKey(seed: SuiteConfig["seed"], secret: Buffer, archiveHash: string): Buffer {
  return createHmac("sha256", secret)
    .update(seed === "fixed" ? "fixed" : archiveHash)
    .digest();
}
