// The root filesystem of an image before our Python is laid over it: built by the Dockerfile where a registry
// answers, bootstrapped from Debian's packages where none does, and kept compressed, since it takes minutes
// and changes seldom while our Python changes often.
import { spawn } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import type { Engine } from "./engine.ts";
import { IMAGE_KINDS, type ImageKind, type ImageRecipe, needsRegistry } from "./image-recipe.ts";
import { type PackageSource, packageSource, SNAPSHOT } from "./image-source.ts";

const RELEASE = "trixie";

export type Progress = (line: string) => void;

/** Long enough for a slow mirror, short enough that a hung one is said the same day. */
const BUILD_DEADLINE_MS = 30 * 60_000;
/** A registry that has not begun to answer by then is taken as unreachable. */
const REGISTRY_DEADLINE_MS = 8_000;

/** Machine-wide like the images themselves, so that every checkout and installation shares it. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "assay", "rootfs");
}

const cacheFile = (recipe: ImageRecipe, kind: ImageKind) =>
  join(cacheFolder(), `${recipe.name}-${kind}-${recipe.base}.tar.zst`);

export async function hasRootfs(recipe: ImageRecipe): Promise<boolean> {
  return access(cacheFile(recipe, recipe.kind)).then(
    () => true,
    () => false,
  );
}

/** The plain tar of the root filesystem, which `makeRootfs` has made. */
export function openRootfs(recipe: ImageRecipe): Readable {
  const file = createReadStream(cacheFile(recipe, recipe.kind));
  const tar = createZstdDecompress();
  // pipe() passes no errors on; without this a file that cannot be read would leave the import waiting.
  file.on("error", (error) => tar.destroy(error));
  return file.pipe(tar);
}

/** Makes both kinds' root filesystems for this recipe's base. */
export async function makeRootfs(engine: Engine, recipe: ImageRecipe, onProgress: Progress): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(tmpdir(), "assay-rootfs-"));
  try {
    const source = await packageSource(RELEASE);
    // A day's archive gives the same image on every machine; a registry's base image is whatever it is today.
    const only = needsRegistry(recipe.name);
    const built =
      (only || !source.pinned) &&
      (await pullBase(engine, onProgress)) &&
      (await byDockerfile(recipe, work, onProgress));
    if (only && !built)
      throw new Error(`the image ${recipe.name} needs a registry and a package index: docs/gpu.md`);
    if (!built) await byBootstrap(recipe, work, source, onProgress);
    onProgress("keeping the root filesystems for later builds");
    for (const kind of IMAGE_KINDS) await keep(join(work, `${kind}.tar`), cacheFile(recipe, kind));
    await forgetOthers(recipe);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function keep(tar: string, file: string) {
  const fast = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  await pipeline(createReadStream(tar), fast, createWriteStream(`${file}.part`));
  await rename(`${file}.part`, file);
  await rm(tar);
}

async function forgetOthers(recipe: ImageRecipe) {
  for (const name of await readdir(cacheFolder())) {
    if (name.startsWith(`${recipe.name}-`) && !name.includes(recipe.base)) {
      await rm(join(cacheFolder(), name), { force: true });
    }
  }
}

/** True when `debian:trixie-slim` is here or could be pulled. Never hangs on a registry that does not answer. */
async function pullBase(engine: Engine, onProgress: Progress): Promise<boolean> {
  const image = "debian:trixie-slim";
  if (await engine.image(image)) return true;
  try {
    await engine.pull(image, REGISTRY_DEADLINE_MS, BUILD_DEADLINE_MS);
    return true;
  } catch {
    onProgress(`no registry answers for ${image}: using Debian's packages instead`);
    return false;
  }
}

async function byDockerfile(recipe: ImageRecipe, work: string, onProgress: Progress): Promise<boolean> {
  try {
    for (const kind of IMAGE_KINDS) {
      const tag = `assay/build-${kind}-${recipe.name}:${recipe.base}`;
      onProgress(`building ${kind} from the Dockerfile`);
      const build = ["build", "--network", "host", "--target", kind, "-t", tag, recipe.folder];
      await run("docker", build, onProgress, /^(Step|#\d+ \[)/);
      const { stdout } = await run("docker", ["create", tag, "true"], onProgress);
      const id = stdout.trim();
      try {
        await run("docker", ["export", "-o", join(work, `${kind}.tar`), id], onProgress);
      } finally {
        await engineCommandQuietly(["rm", "-f", id]);
        await engineCommandQuietly(["rmi", "-f", tag]);
      }
    }
    return true;
  } catch (error) {
    onProgress(`the Dockerfile could not be built (${(error as Error).message}): using Debian's packages`);
    return false;
  }
}

const engineCommandQuietly = (args: string[]) => run("docker", args, () => {}).catch(() => {});

/** One bootstrap gives both: the student's is copied off before the harness's packages are added. */
async function byBootstrap(
  recipe: ImageRecipe,
  work: string,
  { lines, pinned }: PackageSource,
  onProgress: Progress,
): Promise<void> {
  const student = join(work, "student.tar");
  const slim = `sh '${join(recipe.folder, "slim.sh")}' "$1"`;
  const left = ["./proc/*", "./sys/*", "./dev/*", "./var/cache/apt/*", "./var/lib/apt/lists/*"];
  const copy = `tar --numeric-owner --one-file-system ${left
    .map((path) => `--exclude='${path}'`)
    .join(" ")} -C "$1" -cf '${student}' .`;
  const wanted = recipe.packages.harness.join(" ");
  // Always by chroot: an apt-get that runs outside would install on this very machine.
  const add = `chroot "$1" apt-get -y --no-install-recommends install ${wanted}`;
  const check = `chroot "$1" dpkg -s ${wanted} >/dev/null`;
  // mmdebstrap empties apt's folders before its hooks run, so what the second installation left stays.
  const clean = 'rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/*';
  const hooks = [slim, copy, add, check, slim, clean].map((hook) => `--customize-hook=${hook}`);
  const without = ["doc", "man", "info", "locale"].map(
    (part) => `--dpkgopt=path-exclude=/usr/share/${part}/*`,
  );
  // Nothing is lost if the machine dies meanwhile: the whole is thrown away and made again.
  without.push("--dpkgopt=force-unsafe-io");
  const include = `--include=${recipe.packages.student.join(",")}`;
  onProgress(
    `bootstrapping ${recipe.name} from Debian's packages ${pinned ? `of ${SNAPSHOT}` : "as they are today"}: ` +
      `${recipe.packages.student.join(" ")} (student); ` +
      `${wanted} (harness)`,
  );
  const args = [
    "--variant=minbase",
    include,
    ...without,
    ...hooks,
    RELEASE,
    join(work, "harness.tar"),
    ...lines,
  ];
  await run("mmdebstrap", args, onProgress, /^(I:|E:)/);
}

/** Runs a program to its end, handing on the lines of its output that match. @throws when it fails */
async function run(
  program: string,
  args: string[],
  onProgress: Progress,
  shown = /(?!)/,
): Promise<{ stdout: string }> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], timeout: BUILD_DEADLINE_MS });
  const tail: string[] = [];
  let stdout = "";
  child.stdout.on("data", (bytes: Buffer) => {
    stdout = (stdout + bytes.toString("utf8")).slice(-64 * 1024);
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      tail.push(line);
      if (tail.length > 5) tail.shift();
      if (shown.test(line)) onProgress(line.replace(/^[IE]: /, ""));
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? new Error(`${program} is missing: \`assay doctor --fix\` installs it`)
          : error,
      ),
    );
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${program} failed (${code}): ${tail.join(" / ").slice(-600)}`);
  return { stdout };
}
