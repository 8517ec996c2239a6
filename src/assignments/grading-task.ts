// What a grading of an assignment's suite version is made of. The only reader of a version's secret.
import { eq } from "drizzle-orm";
import { runKey } from "../judge/seed.ts";
import { asksForDevice, type SuiteConfig } from "../judge/suite.ts";
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
  return (await gradingWith(db, versionId))(archiveHash);
}

/** The same for many archives, with the version read once. */
export async function gradingWith(
  db: Executor,
  versionId: string,
): Promise<(archiveHash: string) => GradingParameters> {
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
  const { blob: suiteBlob, hash: suiteHash, config: suiteConfig, secret } = version;
  const lane = asksForDevice(suiteConfig) ? "gpu" : "cpu";
  return (archiveHash) => {
    return { suiteBlob, suiteHash, suiteConfig, lane, key: runKey(suiteConfig.seed, secret, archiveHash) };
  };
}
