// A suite as a set of files: read from a folder, checked, hashed and packed for the harness.
import { createHash } from "node:crypto";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { extract } from "tar-stream";
import { byPath, TAR_END, tarHeader, tarPadding } from "../storage/tar.ts";
import { refuseAboveCeiling } from "./ceilings.ts";
import { asksForDevice, type MutantConfig, mutantConfig, type SuiteConfig, suiteConfig } from "./suite.ts";
import { readYaml, YamlError } from "./yaml.ts";

export interface SuiteFile {
  /** Relative, with forward slashes. */
  path: string;
  bytes: Buffer;
}

export interface Mutant extends MutantConfig {
  name: string;
}

export interface Suite {
  config: SuiteConfig;
  /** SHA-256 over paths and contents: a version's name for ever. */
  hash: string;
  files: SuiteFile[];
  mutants: Mutant[];
}

/** A suite that cannot be read: one line a problem, each naming file, line and key. */
export class SuiteError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** More than this is no suite but a data set: those are generated or cut down. */
const SUITE_LIMIT_BYTES = 64 * 1024 * 1024;
const SUITE_LIMIT_FILES = 2000;
const passedOver = new Set(["__pycache__", ".pytest_cache", ".git", ".DS_Store", "node_modules"]);

/** Reads the suite in `folder`. @throws SuiteError that lists everything wrong with it. */
export async function readSuite(folder: string): Promise<Suite> {
  return suiteOf(await readFolder(folder));
}

/** Every regular file below `folder`, sorted by path; links and devices are refused. */
export async function readFolder(folder: string): Promise<SuiteFile[]> {
  const files: SuiteFile[] = [];
  let total = 0;
  const walk = async (relative: string) => {
    for (const name of (await readdir(join(folder, relative))).sort()) {
      if (passedOver.has(name)) continue;
      const path = relative ? `${relative}/${name}` : name;
      const status = await lstat(join(folder, path));
      if (status.isDirectory()) await walk(path);
      else if (!status.isFile())
        throw new SuiteError([`${path}: links and devices are not allowed in a suite`]);
      else {
        total += status.size;
        if (total > SUITE_LIMIT_BYTES)
          throw new SuiteError([`the suite is larger than ${SUITE_LIMIT_BYTES} bytes`]);
        files.push({ path, bytes: await readFile(join(folder, path)) });
        if (files.length > SUITE_LIMIT_FILES)
          throw new SuiteError([`the suite has more than ${SUITE_LIMIT_FILES} files`]);
      }
    }
  };
  await walk("");
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Checks a suite's files. @throws SuiteError */
export function suiteOf(files: SuiteFile[]): Suite {
  const settings = files.find((file) => file.path === "grader.yaml");
  if (!settings) throw new SuiteError(["grader.yaml: missing; a suite's settings stand in it"]);
  const problems: string[] = [];
  const read = <T>(parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      problems.push(...error.message.split("\n"));
      return undefined;
    }
  };
  const allowed = suiteConfig.superRefine(refuseAboveCeiling);
  const config = read(() => readYaml("grader.yaml", settings.bytes.toString("utf8"), allowed));
  const mutants = files
    .filter((file) => /^mutants\/[^/]+\/mutant\.yaml$/.test(file.path))
    .flatMap((file) => {
      const name = file.path.split("/")[1] ?? "";
      const mutant = read(() => readYaml(file.path, file.bytes.toString("utf8"), mutantConfig));
      return mutant ? [{ name, ...mutant }] : [];
    });
  if (config?.mode === "isolated") {
    if (!files.some((file) => /^tests\/.*\.py$/.test(file.path)))
      problems.push("tests/: holds no Python file");
    for (const required of config.files.required) {
      if (!files.some((file) => file.path === `reference/${required}`)) {
        problems.push(`reference/${required}: missing, though grader.yaml requires the file of students`);
      }
    }
  }
  if (config?.mode === "gradescope") problems.push(...missingScripts(files));
  if (config) problems.push(...deviceProblems(config, files));
  for (const mutant of mutants) problems.push(...changeProblems(mutant, files));
  if (problems.length > 0 || !config) throw new SuiteError(problems);
  return { config, hash: hashOf(files), files, mutants };
}

function deviceProblems(config: SuiteConfig, files: SuiteFile[]): string[] {
  const problems: string[] = [];
  const tests = files.some(({ path }) => /^preflight\/test_[^/]*\.py$/.test(path));
  if (config.preflight && !tests)
    problems.push("preflight/: holds no test_*.py, though grader.yaml says preflight: true");
  if (config.preflight && !asksForDevice(config))
    problems.push("grader.yaml: preflight: only a suite with limits.gpu has tests before the device");
  if (config.mode === "gradescope" && asksForDevice(config))
    problems.push(
      "grader.yaml: limits.gpu: an autograder's own image gets no device; only images that Assay builds do",
    );
  return problems;
}

/** The two files that make an autograder one. */
export const AUTOGRADER_SCRIPTS = ["setup.sh", "run_autograder"];
/** The suite's folder that holds the unpacked autograder, as it came. */
export const AUTOGRADER_SOURCE = "source";

function missingScripts(files: SuiteFile[]): string[] {
  const wanted = AUTOGRADER_SCRIPTS.map((name) => `${AUTOGRADER_SOURCE}/${name}`);
  return wanted
    .filter((path) => !files.some((file) => file.path === path))
    .map((path) => `${path}: missing, though grader.yaml says mode: gradescope`);
}

function changeProblems(mutant: Mutant, files: SuiteFile[]): string[] {
  const place = `mutants/${mutant.name}/mutant.yaml`;
  return mutant.change.flatMap(({ file, find }) => {
    const target = files.find(({ path }) => path === `reference/${file}`);
    if (!target) return [`${place}: change.file: reference/${file} does not exist`];
    const times = target.bytes.toString("utf8").split(find).length - 1;
    return times === 1
      ? []
      : [`${place}: change.find: stands ${times} times in reference/${file}, must stand once`];
  });
}

function hashOf(files: SuiteFile[]): string {
  const hash = createHash("sha256");
  for (const { path, bytes } of files) {
    hash.update(`${path}\0${createHash("sha256").update(bytes).digest("hex")}\n`);
  }
  return hash.digest("hex");
}

/** The files under `folder/`, with that prefix taken off: `filesUnder(suite, "reference")`. */
export function filesUnder(files: SuiteFile[], folder: string): SuiteFile[] {
  const prefix = `${folder}/`;
  return files
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, bytes }) => ({ path: path.slice(prefix.length), bytes }));
}

/** A mutant as a student would hand it in: the reference with the change made and its own files laid over. */
export function mutantFiles(suite: Pick<Suite, "files">, mutant: Mutant): SuiteFile[] {
  const laidOver = filesUnder(suite.files, `mutants/${mutant.name}`).filter(
    ({ path }) => path !== "mutant.yaml",
  );
  const changed = filesUnder(suite.files, "reference")
    .filter(({ path }) => !laidOver.some((over) => over.path === path))
    .map(({ path, bytes }) => {
      const changes = mutant.change.filter(({ file }) => file === path);
      if (changes.length === 0) return { path, bytes };
      // A function, since "$&" in the replacement is Python's, not a pattern.
      const text = changes.reduce(
        (t, { find, replace }) => t.replace(find, () => replace),
        bytes.toString("utf8"),
      );
      return { path, bytes: Buffer.from(text) };
    });
  return [...changed, ...laidOver];
}

/** Files as the canonical archive that storage makes of a ZIP: the same files give the same bytes. */
export function tarOf(files: SuiteFile[]): Buffer {
  const parts = [...files]
    .sort(byPath)
    .flatMap(({ path, bytes }) => [tarHeader(path, bytes.length), bytes, tarPadding(bytes.length)]);
  return Buffer.concat([...parts, TAR_END]);
}

/** The files of such a tar, or of any other that holds nothing but files. */
export async function untar(tar: Buffer): Promise<SuiteFile[]> {
  const reader = extract();
  reader.end(tar);
  const files: SuiteFile[] = [];
  for await (const entry of reader) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    files.push({ path: entry.header.name, bytes: Buffer.concat(parts) });
  }
  return files;
}
