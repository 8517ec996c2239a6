// The server never speaks to Docker: it starts and works where there is none to speak to.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { emptyDatabase } from "../../test/support/database.ts";
import { until } from "../../test/support/until.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/** Hides every socket below /run from a program, where this machine lets us. */
function hidden(): string[] {
  const prefix = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /run && exec "$@"', "sh"];
  try {
    execFileSync(prefix[0]!, [...prefix.slice(1), "true"], { stdio: "ignore" });
    return prefix;
  } catch {
    return [];
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  return port;
}

test("serve starts and is ready without a Docker socket and with DOCKER_HOST leading nowhere", {
  timeout: 60_000,
}, async () => {
  const home = await mkdtemp(join(tmpdir(), "assay-serve-"));
  const port = await freePort();
  const [program, ...args] = [
    ...hidden(),
    process.execPath,
    "--import",
    import.meta.resolve("tsx"),
    main,
    "serve",
  ];
  const env = {
    ...process.env,
    ASSAY_HOME: home,
    DATABASE_URL: await emptyDatabase(),
    PORT: String(port),
    DOCKER_HOST: "tcp://127.0.0.1:1",
  };
  const server = spawn(program!, args, { env, stdio: "ignore" });
  try {
    const ready = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      );
    await until("it is ready", ready, 50_000);
    expect((await fetch(`http://127.0.0.1:${port}/sign-in`)).status).toBe(200);
  } finally {
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    await ended;
    await rm(home, { recursive: true, force: true });
  }
});
