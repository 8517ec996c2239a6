// One submission in one Gradescope container. What it leaves is read when it is dead, by a helper without network
// that waits beside it and opens nothing but the one file.
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { pack } from "tar-stream";
import { Attached } from "./attached.ts";
import { AUTOGRADER, autograderOptions } from "./autograder-container.ts";
import { diskFull } from "./autograder-image.ts";
import { containerOptions, freshUid } from "./container.ts";
import { listenTo } from "./container-output.ts";
import { imageDigests } from "./images.ts";
import type { NeedLimits } from "./need.ts";
import { oomCounter } from "./oom.ts";
import { inUse } from "./owner.ts";
import { freshName, labelsFor, type Site } from "./site.ts";
import type { Archive } from "./student.ts";
import { encodeFrame, MAGIC } from "./wire.ts";

const MiB = 1024 ** 2;
const STDOUT_KEPT_BYTES = 64 * 1024;
const STDOUT_LIMIT_BYTES = 64 * MiB;
const DISK_LIMIT_BYTES = 2 * 1024 * MiB;
const RESULTS_VOLUME = `size=${64 * MiB},nr_inodes=4096,mode=0777,nosuid,nodev`;
const HELPER_READY_MS = 30_000;
const READ_DEADLINE_MS = 15_000;

export interface AutograderRun {
  image: string;
  limits: NeedLimits;
  network: boolean;
  archive: Archive;
  /** submission_metadata.json. */
  metadata: unknown;
  /** A larger results.json is not opened. */
  resultsLimitBytes: number;
}

export interface AutograderEnd {
  /** What ended it: itself, our deadline, the kernel's memory limit, or one of our caps. */
  ended: "exited" | "timeout" | "memory" | "disk" | "output_limit";
  exitCode: number;
  stdout: string;
  wallMs: number;
  /** Null where there is none; a sentence where it may not be opened. */
  results: { bytes: Buffer } | { refused: string } | null;
}

/** @throws EngineFault; the signal's reason when the grading was taken away */
export async function runAutograder(
  site: Site,
  run: AutograderRun,
  signal: AbortSignal,
): Promise<AutograderEnd> {
  const { engine } = site;
  const volume = freshName(site);
  const made: string[] = [];
  inUse.add(volume);
  try {
    await engine.createVolume(volume, labelsFor(site, "autograder"), RESULTS_VOLUME);
    // It holds the volume, which is memory and would be gone with its last user.
    const helper = await startHelper(site, volume, made);
    const id = await engine.create(containerOf(site, run, volume));
    made.push(id);
    inUse.add(id);
    await fill(site, id, run);
    const end = await watch(site, id, run, signal);
    await engine.remove(id);
    return { ...end, results: await helper.read(run.resultsLimitBytes) };
  } finally {
    // What an engine under load does not remove is nobody's from here on, and the reaper's.
    for (const name of [volume, ...made]) inUse.delete(name);
    for (const id of made) await engine.remove(id).catch(() => {});
    await engine.removeVolume(volume).catch(() => {});
  }
}

function containerOf(site: Site, { image, limits, network }: AutograderRun, results: string) {
  return autograderOptions({
    image,
    command: [`${AUTOGRADER}/run_autograder`],
    env: [],
    limits: { cpus: limits.cpus, memoryBytes: limits.memory, pids: limits.pids },
    network: network ? "bridge" : "none",
    labels: labelsFor(site, "autograder"),
    results,
    cgroupVersion: site.cgroupVersion,
    ...(site.runtime ? { runtime: site.runtime } : {}),
  });
}

async function fill({ engine }: Site, id: string, { archive, metadata }: AutograderRun): Promise<void> {
  await engine.putArchive(id, `${AUTOGRADER}/submission`, await archive.open());
  const tar = pack();
  tar.entry({ name: "submission_metadata.json", mode: 0o644 }, JSON.stringify(metadata, null, 2));
  tar.finalize();
  await engine.putArchive(id, AUTOGRADER, Readable.from(tar));
}

async function watch(
  { engine, oomEvents }: Site,
  id: string,
  { limits }: AutograderRun,
  signal: AbortSignal,
) {
  const printed = listenTo(await engine.attach(id), STDOUT_KEPT_BYTES, STDOUT_LIMIT_BYTES);
  const began = performance.now();
  await engine.start(id);
  const counter = oomCounter((await engine.state(id)).pid);
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const exited = engine.ended(id, either).then(() => "exited" as const);
  const late = sleep(limits.wall * 1000, "timeout" as const, { signal: either });
  const full = diskFull(engine, id, DISK_LIMIT_BYTES, either).then(() => "disk" as const);
  const flood = printed.over.then((how) => (how === "closed" ? exited : how));
  let oomKills = 0;
  try {
    const ended = await Promise.race([exited, late, full, flood]);
    const wallMs = performance.now() - began;
    oomKills = counter() ?? oomEvents.get(id) ?? 0;
    await engine.kill(id);
    const { exitCode, oomKilled } = await engine.state(id);
    await Promise.race([printed.over, sleep(2_000)]);
    const memory = ended === "exited" && (oomKills > 0 || oomKilled) && exitCode !== 0;
    return { ended: memory ? ("memory" as const) : ended, exitCode, stdout: printed.text(), wallMs };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    stop.abort();
    for (const left of [exited, late, full, flood]) left.catch(() => {});
  }
}

/** Waits for one frame, then opens results.json: a regular file, not a link, no larger than it was told. */
const READER = `
import json, os, stat, struct, sys
i, o = sys.stdin.buffer, sys.stdout.buffer
while i.readline() != b"ASSAY/1\\n": pass
def say(header, body=None):
    if body is not None: header["buffers"] = [len(body)]
    text = json.dumps(header).encode()
    o.write(struct.pack(">I", len(text)) + text + (body or b"")); o.flush()
o.write(b"ASSAY/1\\n"); say({"op": "ready"})
limit = json.loads(i.read(struct.unpack(">I", i.read(4))[0]))["limit"]
try:
    f = os.open("/run/results/results.json", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    s = os.fstat(f)
    if not stat.S_ISREG(s.st_mode): say({"op": "refused", "why": "is not a regular file"})
    elif s.st_size > limit: say({"op": "refused", "why": "is %d bytes long; at most %d are read" % (s.st_size, limit)})
    else: say({"op": "results"}, os.read(f, limit) if s.st_size < 2**31 else b"")
except FileNotFoundError: say({"op": "missing"})
except OSError as e: say({"op": "refused", "why": "cannot be opened: " + e.strerror})
`;

async function startHelper(site: Site, volume: string, made: string[]) {
  const { engine } = site;
  const { student: image } = await imageDigests("python-ml", engine);
  const options = containerOptions({
    kind: "student",
    uid: freshUid("student"),
    image,
    command: ["python3", "-I", "-c", READER],
    limits: { cpus: 1, memoryBytes: 64 * MiB, pids: 64 },
    volumes: [{ name: volume, at: "/run/results" }],
    labels: labelsFor(site, "autograder"),
    cgroupVersion: site.cgroupVersion,
    ...(site.runtime ? { runtime: site.runtime } : {}),
  });
  const id = await engine.create(options);
  made.push(id);
  inUse.add(id);
  const attached = new Attached(await engine.attach(id), { outputBytes: 16 * MiB });
  await engine.start(id);
  await attached.write(MAGIC);
  const ready = await attached.receive(HELPER_READY_MS);
  if (!ready || !("frame" in ready))
    throw new Error(`the reader of results did not start: ${attached.stderr}`);
  return {
    async read(limit: number): Promise<AutograderEnd["results"]> {
      await attached.write(encodeFrame({ op: "read", limit }));
      const answer = await attached.receive(READ_DEADLINE_MS);
      attached.close();
      if (!answer || !("frame" in answer))
        throw new Error(`results.json could not be read: ${attached.stderr}`);
      const { header, buffers } = answer.frame;
      if (header.op === "results") return { bytes: buffers[0] ?? Buffer.alloc(0) };
      return header.op === "missing" ? null : { refused: `results.json ${header.why}` };
    },
  };
}
