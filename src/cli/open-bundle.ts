// A bundle (judge/bundle.ts) read back, its parts held against the hashes that it names.
import { buffer } from "node:stream/consumers";
import { BUNDLE_PARTS, type BundleAbout, bundleAbout } from "../judge/bundle.ts";
import { type Suite, SuiteError, suiteOf, untar } from "../judge/read-suite.ts";
import type { GradingTask } from "../judge/task.ts";
import type { ArchiveReader } from "../storage/archive.ts";
import type { BlobStore } from "../storage/blobs.ts";
import { fileOf } from "../storage/zip-write.ts";

/** A suite's own limits hold for what is in it; this is only for a file that is none of ours. */
const UNPACKED_LIMIT_BYTES = 16 * 1024 ** 3;

export interface Bundle {
  about: BundleAbout;
  suite: Suite;
  suiteTar: Buffer;
  /** What `gradeSubmission` takes: the very grading again. */
  task: GradingTask;
}

/** @throws SuiteError where it is no bundle, or not the one that it says */
export async function openBundle(reader: ArchiveReader, blobs: BlobStore, path: string): Promise<Bundle> {
  const limits = { unpackedBytes: UNPACKED_LIMIT_BYTES, required: [], wrapper: "keep" as const };
  const { manifest, tar } = await reader.read(path, limits);
  const entry = (name: string) => manifest.find((one) => one.path === name);
  const part = (name: string) => {
    const found = entry(name);
    if (!found) throw new SuiteError([`${name}: missing; this is no bundle of an attempt`]);
    return { ...found, open: () => fileOf(blobs, tar.hash, found) };
  };
  const about = readAbout(await buffer(await part(BUNDLE_PARTS.about).open()));
  const submission = part(BUNDLE_PARTS.submission);
  if (submission.sha256 !== about.archive.hash)
    throw new SuiteError([`${BUNDLE_PARTS.submission}: is not what the attempt was given`]);
  const suiteTar = await buffer(await part(BUNDLE_PARTS.suite).open());
  const suite = suiteOf((await untar(suiteTar)).sort((a, b) => (a.path < b.path ? -1 : 1)));
  if (suite.hash !== about.suite.hash)
    throw new SuiteError([`${BUNDLE_PARTS.suite}: is not the version that graded the attempt`]);
  const metadata = entry(BUNDLE_PARTS.metadata) && part(BUNDLE_PARTS.metadata);
  const task: GradingTask = {
    suite: { config: suite.config, hash: suite.hash, tar: async () => suiteTar },
    archive: { bytes: submission.size, open: submission.open },
    key: Buffer.from(about.key, "hex"),
    ...(metadata
      ? { metadata: async () => JSON.parse((await buffer(await metadata.open())).toString("utf8")) }
      : {}),
    ...(about.options as Partial<GradingTask>),
  };
  return { about, suite, suiteTar, task };
}

function readAbout(bytes: Buffer): BundleAbout {
  try {
    return bundleAbout.parse(JSON.parse(bytes.toString("utf8")));
  } catch {
    throw new SuiteError([`${BUNDLE_PARTS.about}: cannot be read; was the bundle made by another version?`]);
  }
}
