// An unmodified autograder ZIP as a suite: its files below source/, and a grader.yaml that says what Gradescope's
// instructor would set on the assignment's page.
import { stringify } from "yaml";
import { AUTOGRADER_SCRIPTS, AUTOGRADER_SOURCE, type SuiteFile } from "../read-suite.ts";

export interface AutograderSettings {
  /** Small letters, digits and hyphens. */
  id: string;
  title: string;
  /** Autograder points; null takes the sum of the tests' `max_score`. */
  points: number | null;
  network: boolean;
}

/** Gradescope's container by default: half a processor, 768 MB, ten minutes. */
const LIMITS = { cpus: 0.5, memory: "768MB", wall: "10m", pids: 512, unpacked: "200MB", upload: "100MB" };

/** Whether these files are an autograder and no suite of ours. */
export function isAutograder(files: Pick<SuiteFile, "path">[]): boolean {
  const has = (name: string) => files.some(({ path }) => path === name);
  return !has("grader.yaml") && AUTOGRADER_SCRIPTS.every(has);
}

export function wrapAutograder(files: SuiteFile[], settings: AutograderSettings): SuiteFile[] {
  const { id, title, points, network } = settings;
  const text = stringify({
    id,
    title,
    mode: "gradescope",
    limits: LIMITS,
    gradescope: { ...(points === null ? {} : { points }), network },
  });
  return [
    { path: "grader.yaml", bytes: Buffer.from(text) },
    ...files.map(({ path, bytes }) => ({ path: `${AUTOGRADER_SOURCE}/${path}`, bytes })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A name for a suite from a file's: `HW 3 (autograder).zip` is `hw-3-autograder`. */
export function idFrom(fileName: string): string {
  const base = fileName.replace(/^.*[/\\]/, "").replace(/\.zip$/i, "");
  const id = base
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);
  return id === "" ? "autograder" : id;
}
