// Suites that come with the program, in `graders/`: registered by their name, without a ZIP.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Viewer } from "../accounts/viewer.ts";
import { type CourseAccess, permit } from "../courses/access.ts";
import { readSuite } from "../judge/read-suite.ts";
import { fail } from "./errors.ts";
import { type RegisterParts, registerSuite } from "./register.ts";

const GRADERS = fileURLToPath(new URL("../../graders", import.meta.url));

/** Names of their folders; none where the program was installed without them. */
export async function bundledSuites(): Promise<string[]> {
  if (!existsSync(GRADERS)) return [];
  const entries = await readdir(GRADERS, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

/** @throws not_found for a name that is none of theirs: it is part of a path. */
export async function registerBundled(
  parts: Pick<RegisterParts, "db" | "blobs">,
  viewer: Viewer,
  access: CourseAccess,
  name: string,
) {
  permit(viewer, access, "suite.register");
  if (!(await bundledSuites()).includes(name)) throw fail("not_found");
  return registerSuite(parts, viewer, access, await readSuite(join(GRADERS, name)));
}
