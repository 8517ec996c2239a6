// Starts a worker as the image's account, with the group that may speak to the engine's socket: its number differs from
// machine to machine, and no file says it but the socket itself.
import { mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ACCOUNT = Number(process.env.ASSAY_ACCOUNT || 10001);
const socket = (process.env.DOCKER_HOST ?? "").replace(/^unix:\/\//, "") || "/var/run/docker.sock";

if (process.getuid() === 0) {
  const groups = socket.startsWith("/") ? [ACCOUNT, groupOf(socket)] : [ACCOUNT];
  process.setgroups(groups);
  process.setgid(ACCOUNT);
  process.setuid(ACCOUNT);
}
if (process.env.TMPDIR) mkdirSync(process.env.TMPDIR, { recursive: true });
const entry = fileURLToPath(new URL("../bin/assay.mjs", import.meta.url));
// The same process, so that SIGTERM reaches the worker itself and its drain is awaited.
process.execve(process.execPath, [process.execPath, entry, ...process.argv.slice(2)], process.env);

function groupOf(path) {
  try {
    return statSync(path).gid;
  } catch {
    console.error(`${path}: there is no Docker socket here; mount the engine's, or set DOCKER_HOST`);
    process.exit(1);
  }
}
