// The image of a Gradescope autograder: made once per version and machine from its setup.sh, apart from any
// submission. A script leaves files and nothing else: how the image is started (user, command, environment, mounts)
// is said by us when its container is made (autograder-container.ts).
import { setTimeout as sleep } from "node:timers/promises";
import { pack } from "tar-stream";
import { AUTOGRADER, autograderOptions } from "./autograder-container.ts";
import { listenTo } from "./container-output.ts";
import { type Engine, EngineFault } from "./engine.ts";
import { imageRecipe } from "./image-recipe.ts";
import { reference } from "./images.ts";
import { inUse } from "./owner.ts";
import { labelsFor, type Site } from "./site.ts";

const REPOSITORY = "assay/autograder";
/** Gradescope's default; `ASSAY_AUTOGRADER_BASE` names another. */
const BASE = "ubuntu:22.04";
const PULL_FIRST_MS = 5_000;
const PULL_WHOLE_MS = 10 * 60_000;
const SETUP_DEADLINE_MS = 30 * 60_000;
const LOG_KEPT_BYTES = 64 * 1024;
const LOG_LIMIT_BYTES = 256 * 1024 ** 2;
const IMAGES_KEPT = 20;
const GiB = 1024 ** 3;
const SETUP_LIMITS = { cpus: 2, memoryBytes: 4 * GiB, pids: 1024 };
const SETUP_DISK_BYTES = 8 * GiB;
const DISK_LOOK_MS = 5_000;

/** setup.sh ended badly, or never: the version cannot grade; `log` is what it printed. */
export class SetupFailed extends Error {
  readonly log: string;
  constructor(message: string, log: string) {
    super(message);
    this.log = log;
  }
}

export interface AutograderSource {
  /** Names the image: the version's hash. */
  hash: string;
  /** The unpacked ZIP. */
  files(): Promise<{ path: string; bytes: Buffer }[]>;
}

const building = new Map<string, Promise<string>>();

/** The image's id, made now if it is not here. @throws SetupFailed, EngineFault */
export async function autograderImage(site: Site, source: AutograderSource, say = (_: string) => {}) {
  const name = `${REPOSITORY}:${source.hash.slice(0, 32)}`;
  const found = await site.engine.image(name);
  if (found) return found.id;
  const underWay = building.get(name) ?? build(site, name, source, say);
  building.set(name, underWay);
  try {
    return await underWay;
  } finally {
    building.delete(name);
  }
}

async function build(site: Site, name: string, source: AutograderSource, say: (line: string) => void) {
  const { engine } = site;
  const base = await baseImage(engine, say);
  const tar = await tarOf(await source.files());
  const wanted = process.env.ASSAY_SETUP_NETWORK || "bridge";
  try {
    await buildOn(site, name, base, tar, wanted, say);
  } catch (error) {
    // An engine without a bridge (its kernel has no tables for one): many setup scripts need no network at all.
    if (!(error instanceof EngineFault) || !/bridge/.test(error.message)) throw error;
    say(`there is no network ${wanted}: setup.sh runs without one`);
    await buildOn(site, name, base, tar, "none", say);
  }
  await forgetOldest(engine, name);
  const made = await engine.image(name);
  if (!made) throw new EngineFault("refused", `the engine did not keep the image ${name}`);
  return made.id;
}

async function buildOn(
  site: Site,
  name: string,
  image: string,
  tar: Buffer,
  network: string,
  say: (line: string) => void,
): Promise<void> {
  const { engine } = site;
  say("running setup.sh, once for this version");
  const id = await engine.create(
    autograderOptions({
      image,
      command: ["bash", "-c", SETUP],
      env: ["PIP_BREAK_SYSTEM_PACKAGES=1", "DEBIAN_FRONTEND=noninteractive"],
      limits: SETUP_LIMITS,
      network,
      labels: labelsFor(site, "autograder"),
      cgroupVersion: site.cgroupVersion,
      ...(site.runtime ? { runtime: site.runtime } : {}),
    }),
  );
  inUse.add(id);
  try {
    await engine.putArchive(id, "/", tar);
    await runSetup(engine, id);
    const [repository, tag] = name.split(":") as [string, string];
    await engine.commit(id, repository, tag);
  } finally {
    inUse.delete(id);
    await engine.remove(id);
  }
}

/** The lists stay, since scripts install more; a machine without a mirror goes on and says what failed. */
const SETUP = `
apt-get update || echo "apt-get update failed: what setup.sh installs may be missing"
exec bash ${AUTOGRADER}/source/setup.sh
`;

async function runSetup(engine: Engine, id: string): Promise<void> {
  const printed = listenTo(await engine.attach(id), LOG_KEPT_BYTES, LOG_LIMIT_BYTES);
  await engine.start(id);
  const stop = new AbortController();
  const late = sleep(SETUP_DEADLINE_MS, "late" as const, { signal: stop.signal });
  const full = diskFull(engine, id, SETUP_DISK_BYTES, stop.signal);
  const ended = engine.ended(id, stop.signal).then(() => "ended" as const);
  try {
    const first = await Promise.race([
      ended,
      late,
      full,
      printed.over.then(async (how) => (how === "closed" ? ended : how)),
    ]);
    if (first !== "ended") throw new SetupFailed(COMPLAINTS[first], printed.text());
  } finally {
    stop.abort();
    for (const left of [late, full, ended]) left.catch(() => {});
  }
  const { exitCode } = await engine.state(id);
  if (exitCode !== 0) throw new SetupFailed(`setup.sh ended with ${exitCode}`, printed.text());
}

const COMPLAINTS = {
  late: `setup.sh did not end within ${SETUP_DEADLINE_MS / 60_000} minutes`,
  full: `setup.sh wrote more than ${SETUP_DISK_BYTES / GiB} GiB`,
  output_limit: "setup.sh printed without end",
} as const;

/** Resolves when the container has written more than `most` over its image; never otherwise. */
export async function diskFull(
  engine: Engine,
  id: string,
  most: number,
  signal: AbortSignal,
): Promise<"full"> {
  for (;;) {
    await sleep(DISK_LOOK_MS, undefined, { signal });
    if ((await engine.writtenBytes(id).catch(() => 0)) > most) return "full";
  }
}

/** Gradescope's Ubuntu where a registry answers; else the Debian that our own sandboxes stand on. */
async function baseImage(engine: Engine, say: (line: string) => void): Promise<string> {
  const wanted = process.env.ASSAY_AUTOGRADER_BASE || BASE;
  const here = await engine.image(wanted);
  if (here) return here.id;
  try {
    say(`pulling ${wanted}`);
    await engine.pull(wanted, PULL_FIRST_MS, PULL_WHOLE_MS);
  } catch (error) {
    say(
      `${wanted} cannot be had (${(error as Error).message}): using Debian with Python, numpy and torch instead`,
    );
  }
  const found =
    (await engine.image(wanted)) ?? (await engine.image(reference(imageRecipe("python-ml", "student"))));
  if (!found) throw new EngineFault("refused", "there is no base image: run `assay doctor --fix`");
  // They would be writable places that nobody counts, and could hide files of the contract.
  if (found.volumes.length > 0)
    throw new EngineFault(
      "refused",
      `${wanted} declares volumes (${found.volumes.join(", ")}): it cannot be a base`,
    );
  return found.id;
}

/** Everything may be executed: ZIPs made on Windows carry no such bit, and `./tests/run.sh` must work. */
async function tarOf(files: { path: string; bytes: Buffer }[]): Promise<Buffer> {
  const tar = pack();
  for (const name of ["autograder", "autograder/source", "autograder/submission", "autograder/results"])
    tar.entry({ name, type: "directory", mode: 0o755 });
  for (const { path, bytes } of files) {
    const isScript = path === "setup.sh" || path === "run_autograder";
    const content = isScript ? withoutCarriageReturns(bytes) : bytes;
    tar.entry({ name: `autograder/source/${path}`, mode: 0o755 }, content);
    if (path === "run_autograder") tar.entry({ name: `autograder/${path}`, mode: 0o755 }, content);
  }
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** A script written on Windows says `#!/bin/bash\r`, which no kernel finds. */
const withoutCarriageReturns = (bytes: Buffer) =>
  Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");

async function forgetOldest(engine: Engine, kept: string): Promise<void> {
  const images = await engine.images(REPOSITORY);
  const old = images.sort((a, b) => b.Created - a.Created).slice(IMAGES_KEPT);
  for (const tag of old.flatMap(({ RepoTags }) => RepoTags ?? [])) {
    if (tag !== kept) await engine.removeImage(tag).catch(() => {});
  }
}
