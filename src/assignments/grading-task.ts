// What a grading of an assignment's suite version is made of. The only reader of a version's secret.
import { eq } from "drizzle-orm";
import { runKey } from "../judge/seed.ts";
import type { SuiteConfig } from "../judge/suite.ts";
import type { Executor } from "../platform/database.ts";
import { suiteVersions } from "../suites/tables.ts";

export interface GradingParameters {
  suiteBlob: string;
  suiteHash: string;
  suiteConfig: SuiteConfig;
  /** Seeds the tests' inputs; derived from the secret, which it does not tell. */
  key: Buffer;
  /** The queue: `gpu` where the suite asks for a device. */
  lane: "cpu" | "gpu";
}

export async function gradingParameters(
  db: Executor,
  versionId: string,
  archiveHash: string,
): Promise<GradingParameters> {
  const [version] = await db
    .select({
      blob: suiteVersions.blob,
      hash: suiteVersions.hash,
      config: suiteVersions.config,
      secret: suiteVersions.secret,
    })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, versionId));
  if (!version) throw new Error(`no suite version ${versionId}`);
  return {
    suiteBlob: version.blob,
    suiteHash: version.hash,
    suiteConfig: version.config,
    key: runKey(version.config.seed, version.secret, archiveHash),
    lane: version.config.limits.gpu === "none" ? "cpu" : "gpu",
  };
}
