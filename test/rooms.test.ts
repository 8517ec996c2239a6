import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");
let folder = "";

/** What the check of the rooms says of `src` in `directory`. */
async function check(directory: string): Promise<{ ok: boolean; text: string }> {
  const program = join(root, "node_modules/.bin/depcruise");
  const settings = join(root, ".dependency-cruiser.cjs");
  try {
    const { stdout } = await run(program, ["--config", settings, "src"], { cwd: directory });
    return { ok: true, text: stdout };
  } catch (error) {
    return { ok: false, text: (error as { stdout: string }).stdout };
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-rooms-"));
  await writeFile(
    join(folder, "tsconfig.json"),
    '{ "compilerOptions": { "allowImportingTsExtensions": true, "noEmit": true } }',
  );
  for (const room of ["scoring", "judge", "web"]) await mkdir(join(folder, "src", room), { recursive: true });
  await writeFile(join(folder, "src/judge/grade.ts"), "export const grade = 1;\n");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the rooms of this project stand in order, and all of them were looked at", async () => {
  const { ok, text } = await check(root);
  expect(text).toMatch(/\((\d{3,}) modules/);
  expect(ok).toBe(true);
}, 60_000);

test("a planted import upward fails, and is named", async () => {
  await writeFile(
    join(folder, "src/scoring/points.ts"),
    'import { grade } from "../judge/grade.ts";\nconsole.log(grade);\n',
  );
  const { ok, text } = await check(folder);
  expect(ok).toBe(false);
  expect(text).toContain("scoring-imports-upward");
}, 60_000);
