import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, test } from "vitest";

const entry = fileURLToPath(new URL("../../bin/assay.mjs", import.meta.url));

/** The program's exit code and all that it said. */
async function assay(args: string[], env: Record<string, string>) {
  const child = spawn("node", [entry, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      said += text;
    });
  }
  const [code] = await once(child, "close");
  return { code, said };
}

test("a variable that cannot be used is named, and the exit code is 1", async () => {
  const { code, said } = await assay(["migrate"], { PORT: "many" });
  expect([code, said.includes("PORT: ")]).toEqual([1, true]);
});

test("a worker that finds no engine says so and ends, holding nothing open", {
  timeout: 60_000,
}, async () => {
  const home = await mkdtemp(join(tmpdir(), "assay-worker-"));
  const env = { ASSAY_HOME: home, DATABASE_URL: inject("postgres").url, DOCKER_HOST: "tcp://127.0.0.1:1" };
  const { code, said } = await assay(["worker"], env).finally(() =>
    rm(home, { recursive: true, force: true }),
  );
  expect([code, said.includes("the Docker engine does not answer")]).toEqual([1, true]);
});
