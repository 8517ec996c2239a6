// The sandbox images: made once, found ready afterwards. A tag names everything that is in an image
// (image-recipe.ts), so "ready" is one question to the engine.

import { readFileSync } from "node:fs";
import { rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, openEngine } from "./engine.ts";
import { compiled, importImage } from "./image-import.ts";
import { IMAGE_KINDS, type ImageRecipe, imageNames, imageRecipe } from "./image-recipe.ts";
import { hasRootfs, makeRootfs, type Progress } from "./image-rootfs.ts";
import { usesCluster } from "./kubernetes/settings.ts";
import { SBOM_LABEL } from "./sbom.ts";

/**
 * Tags kept of each image: the one in use and the one before, so that two checkouts do not undo each other. A machine
 * where more of them build needs more (2.4 GB each).
 */
const TAGS_KEPT = Number(process.env.ASSAY_IMAGE_TAGS_KEPT || 2);
const LOCK_DEADLINE_MS = 40 * 60_000;

/**
 * Makes sure that the images `names` (all by default) are here. Says once what it will cost before it
 * starts, and a line for each step. Returns at once when they are.
 */
export async function ensureImages(
  names: string[] = imageNames(),
  onProgress: Progress = () => {},
  given?: Engine,
): Promise<void> {
  // A cluster's nodes fetch theirs from a registry.
  if (!given && usesCluster()) return;
  const engine = given ?? openEngine();
  if ((await missingImages(names, engine)).length === 0) return;
  await underLock(onProgress, async () => {
    for (const name of names) await buildImage(name, engine, onProgress);
  });
}

/** The images of `names` that are not here, as `assay/student-python-ml:…`. */
export async function missingImages(names: string[], engine: Engine): Promise<string[]> {
  const recipes = names.flatMap((name) => IMAGE_KINDS.map((kind) => imageRecipe(name, kind)));
  const found = await Promise.all(recipes.map((recipe) => engine.image(reference(recipe))));
  return recipes.filter((_, i) => !found[i]).map(reference);
}

export interface ImageDigests {
  student: string;
  harness: string;
  /** Of the lists of what is in them (sbom.ts). */
  sboms: { student: string; harness: string };
}

/** The ids by which a report names what graded it, and what containers are made of. */
export async function imageDigests(name: string, engine: Engine = openEngine()): Promise<ImageDigests> {
  const [student, harness] = await Promise.all(
    IMAGE_KINDS.map((kind) => engine.image(reference(imageRecipe(name, kind)))),
  );
  if (!student || !harness) throw new Error(`the image ${name} is not built: run \`assay doctor --fix\``);
  return {
    student: student.id,
    harness: harness.id,
    sboms: { student: student.labels[SBOM_LABEL] ?? "", harness: harness.labels[SBOM_LABEL] ?? "" },
  };
}

export const reference = ({ repository, tag }: Pick<ImageRecipe, "repository" | "tag">) =>
  `${repository}:${tag}`;

async function buildImage(name: string, engine: Engine, onProgress: Progress): Promise<void> {
  const began = Date.now();
  const say: Progress = (line) => onProgress(`[${Math.round((Date.now() - began) / 1000)} s] ${line}`);
  const missing: ImageRecipe[] = [];
  for (const kind of IMAGE_KINDS) {
    const recipe = imageRecipe(name, kind);
    if (!(await engine.image(reference(recipe)))) missing.push(recipe);
  }
  const [first] = missing;
  if (!first) return;
  const bootstrap = !(await Promise.all(missing.map(hasRootfs))).every(Boolean);
  onProgress(
    bootstrap
      ? `Building the sandbox images of ${name}: two to five minutes, 350 MB to download and 3 GB of disk, once.`
      : `Rebuilding the sandbox images of ${name} with the changed Python: about half a minute.`,
  );
  if (bootstrap) await makeRootfs(engine, first, say);
  const compiler = await compilerImage(engine, first, say);
  for (const recipe of missing) {
    say(`making ${reference(recipe)}`);
    await importImage(engine, recipe, await compiled(engine, compiler.image, recipe.code));
    await forgetOldTags(engine, recipe);
  }
  await compiler.release();
  say(`the images of ${name} are ready`);
}

/** Any image of the same base can compile our Python; the first time there is none, and a bare one is made. */
async function compilerImage(engine: Engine, recipe: ImageRecipe, say: Progress) {
  const images = await Promise.all(
    IMAGE_KINDS.map((kind) => engine.images(imageRecipe(recipe.name, kind).repository)),
  );
  const same = images.flat().find(({ Labels }) => Labels?.["assay.base"] === recipe.base);
  if (same) return { image: same.Id, release: async () => {} };
  say("importing the root filesystem");
  const bare = { repository: `assay/base-${recipe.name}`, tag: recipe.base };
  await importImage(engine, recipe, [], bare);
  return { image: reference(bare), release: () => engine.removeImage(reference(bare)).catch(() => {}) };
}

async function forgetOldTags(engine: Engine, recipe: ImageRecipe): Promise<void> {
  const images = await engine.images(recipe.repository);
  const old = images.sort((a, b) => b.Created - a.Created).slice(TAGS_KEPT);
  for (const tag of old.flatMap(({ RepoTags }) => RepoTags ?? [])) {
    // Only tidying: an engine that is slow to remove, or an image still in use, stops no grading.
    if (tag !== reference(recipe)) await engine.removeImage(tag).catch(() => {});
  }
}

/** One builder at a time on this machine: a server and a worker started together must not build twice. */
async function underLock(onProgress: Progress, work: () => Promise<void>): Promise<void> {
  const lock = join(tmpdir(), `assay-images-${process.getuid?.() ?? 0}.lock`);
  const deadline = Date.now() + LOCK_DEADLINE_MS;
  let said = false;
  while (!(await takeLock(lock))) {
    if (!said) onProgress("another process is building the sandbox images: waiting for it");
    said = true;
    if (Date.now() > deadline) throw new Error(`${lock} has been held for too long: remove it and try again`);
    await sleep(500);
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (await isStale(lock)) await rm(lock, { force: true });
    return false;
  }
}

async function isStale(lock: string): Promise<boolean> {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    // A lock just being written is empty for an instant.
    if (!pid) return Date.now() - (await stat(lock)).mtimeMs > 5_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
