// Workers as processes, for tests that kill, stop and wake them.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const script = fileURLToPath(new URL("worker-process.ts", import.meta.url));
const children: ChildProcess[] = [];

/** @returns the process and its worker's id; it grades in `gradingMs`. What a file leaves is killed. */
export async function startWorkerProcess(
  url: string,
  gradingMs: number,
): Promise<{ child: ChildProcess; id: string }> {
  const env = { ...process.env, DATABASE_URL: url, ASSAY_TEST_GRADING_MS: String(gradingMs) };
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [id] = await once(child.stdout!, "data");
  return { child, id: String(id).trim() };
}

/** Sends a signal and waits for the end. @returns the exit code. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const over = once(child, "exit");
  child.kill(signal);
  return (await over)[0];
}

afterAll(async () => {
  const left = children.splice(0).filter((child) => child.exitCode === null && child.signalCode === null);
  await Promise.all(left.map((child) => end(child, "SIGKILL")));
});
