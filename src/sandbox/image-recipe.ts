// What goes into a sandbox image, and its name: the tag is a hash of everything that goes in, so that an image
// is ready exactly when its tag is there, and a changed runner never meets an old one.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type ImageKind = "student" | "harness";
export const IMAGE_KINDS: readonly ImageKind[] = ["student", "harness"];
const SANDBOX_FOLDER = fileURLToPath(new URL("../../sandbox/", import.meta.url));
/** Raise it when the building itself changes what an image holds. */
const BUILDER = "3";
/** Raise it when what is laid over the root filesystem changes by more than our Python. */
const LAYER = "sbom";
/** Where our Python stands in an image, one folder a part, as in sandbox/. */
export const CODE_FOLDER = "opt/assay";

/** Which of our Python goes into which image. The student's never gets a file of the harness. */
const CODE: Record<ImageKind, string[]> = {
  student: ["wire", "runner"],
  harness: ["wire", "harness"],
};

export interface CodeFile {
  path: string;
  bytes: Buffer;
}

export interface ImageRecipe {
  name: string;
  kind: ImageKind;
  repository: string;
  tag: string;
  /** Of the root filesystem without our Python: equal bases need no new bootstrap. */
  base: string;
  folder: string;
  packages: { student: string[]; harness: string[] };
  code: CodeFile[];
}

/** The images that suites may name, and that every machine has: those folders of sandbox/images that need no registry. */
export const imageNames = (): string[] => folderNames().filter((name) => !needsRegistry(name));

/** Made only where a registry answers, and only by name: for machines with a GPU. */
export const needsRegistry = (name: string): boolean =>
  existsSync(join(SANDBOX_FOLDER, "images", name, "registry-only"));

function folderNames(): string[] {
  return readdirSync(join(SANDBOX_FOLDER, "images"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

const recipes = new Map<string, ImageRecipe>();

/** Read once: a process goes on with the images it began with, even while someone edits our Python. */
export function imageRecipe(name: string, kind: ImageKind): ImageRecipe {
  const key = `${kind}/${name}`;
  const recipe = recipes.get(key) ?? readRecipe(name, kind);
  recipes.set(key, recipe);
  return recipe;
}

function readRecipe(name: string, kind: ImageKind): ImageRecipe {
  if (!folderNames().includes(name)) throw new Error(`there is no image ${name} in sandbox/images`);
  const folder = join(SANDBOX_FOLDER, "images", name);
  const inputs = filesBelow(folder);
  const base = hashOf([...inputs, { path: "builder", bytes: Buffer.from(`${BUILDER} ${process.arch}`) }]);
  const code = codeOf(kind);
  return {
    name,
    kind,
    repository: `assay/${kind}-${name}`,
    tag: hashOf([...code, { path: "base", bytes: Buffer.from(`${base} ${LAYER}`) }]).slice(0, 16),
    base: base.slice(0, 16),
    folder,
    packages: { student: packagesIn(folder, "student"), harness: packagesIn(folder, "harness") },
    code,
  };
}

function codeOf(kind: ImageKind): CodeFile[] {
  return CODE[kind].flatMap((part) =>
    filesBelow(join(SANDBOX_FOLDER, part)).map(({ path, bytes }) => ({
      path: `${CODE_FOLDER}/${part}/${path}`,
      bytes,
    })),
  );
}

function packagesIn(folder: string, kind: ImageKind): string[] {
  return readFileSync(join(folder, `${kind}.packages`), "utf8")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter(Boolean);
}

/** Files that make a difference to an image: no tests, caches or notes. */
function filesBelow(folder: string, prefix = ""): CodeFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !/^(\.|test_|tests$|conftest|__pycache__)|\.md$|^vectors\.json$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path, `${prefix}${entry.name}/`);
      return [{ path: `${prefix}${entry.name}`, bytes: readFileSync(path) }];
    });
}

function hashOf(files: CodeFile[]): string {
  const hash = createHash("sha256");
  for (const { path, bytes } of files) {
    hash.update(`${path}\0${createHash("sha256").update(bytes).digest("hex")}\n`);
  }
  return hash.digest("hex");
}
