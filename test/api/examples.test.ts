// docs/api.md, run as it stands: the commands of its blocks one after the other, against a server that listens.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createAdaptorServer } from "@hono/node-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { must, testCourse, zipOf } from "../../src/api/testing/course.ts";
import { begin, finish, resultOf } from "../../src/api/testing/grade.ts";
import { as, testServer } from "../../src/api/testing/server.ts";

const exec = promisify(execFile);
const lacking: string[] = [];
for (const tool of ["curl", "jq", "sha256sum"])
  await exec(tool, ["--version"]).catch(() => lacking.push(tool));
if (lacking.length > 0) console.warn(`skipped: the examples of docs/api.md need ${lacking.join(", ")}`);

const server = await testServer();
const course = await testCourse(server);
const { student, instructor } = course;
const folder = await mkdtemp(join(tmpdir(), "assay-examples-"));
const listening = createAdaptorServer({ fetch: server.app.fetch });
const state = join(folder, "state.sh");
const page = await readFile(join(import.meta.dirname, "../../docs/api.md"), "utf8");
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);

beforeAll(async () => {
  await once(listening.listen(0, "127.0.0.1"), "listening");
  await writeFile(join(folder, "work.zip"), zipOf({ "echo.py": "def echo(x):\n    return x\n" }));
  await writeFile(state, `export STAFF=${instructor.token}\n`);
});
afterAll(async () => {
  listening.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the page says of its example, as it is here. */
function here(block: string): string {
  const { port } = listening.address() as AddressInfo;
  return block
    .replace("https://assay.example.edu", `http://127.0.0.1:${port}`)
    .replace("EMAIL=student@example.edu", `EMAIL=${student.email}`)
    .replace("'a password of at least 12 characters'", `'${student.password}'`)
    .replaceAll("mml-2026", course.slug);
}

/** Variables live on from block to block, as in a shell that stays open. */
async function run(block: string): Promise<string> {
  const script = `set -eo pipefail; . ./state.sh; set -a\n${here(block)}\nset +a; export -p > state.sh`;
  const { stdout } = await exec("bash", ["-c", script], { cwd: folder, timeout: 20_000 });
  return stdout;
}

async function grade(): Promise<void> {
  const { items } = await must(as(server, student, `/assignments/${course.assignmentId}/submissions`));
  const token = await begin(server, items[0].attempt.id);
  await finish(server, token, [resultOf("test_seen"), resultOf("test_hidden"), resultOf("test_late")]);
}

test.skipIf(lacking.length > 0)(
  "every command of docs/api.md does what the page says",
  { timeout: 60_000 },
  async () => {
    const said: string[] = [];
    for (const block of blocks) {
      if (block.includes("/events")) await grade();
      said.push(await run(block));
    }
    const all = said.join("\n");
    expect(blocks.length).toBe(8);
    expect(all).toContain(student.email);
    expect(all).toMatch(/^hw1 null$/m);
    expect(all).toContain('"required": [\n      "echo.py"\n    ]');
    expect(all).toContain('"claimedAt"');
    expect(all).toMatch(/^not_a_zip\n.*[一-龥]/m);
    expect(all).toMatch(/^event: finished$/m);
    expect(all).toMatch(/^10 of 10\ntest_seen: passed$/m);
    expect(all).toMatch(new RegExp(`^${student.name} 1 \\d+$`, "m"));
    expect(all).toContain('"change":"person"');
  },
);
