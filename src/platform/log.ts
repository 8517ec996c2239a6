// One logger a process: JSON lines on stderr (stdout belongs to what a command prints), secrets left out.
import { destination, type Logger, pino } from "pino";

export type { Logger } from "pino";

/** Fields that never reach a log, wherever they stand in the first three levels of an entry. */
const secrets = ["password", "token", "secret", "key", "cookie", "authorization", "databaseUrl", "url"];

const redact = {
  paths: secrets
    .flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
    .concat('*["set-cookie"]', '*.*["set-cookie"]'),
  censor: "[left out]",
};

/**
 * Makes the process's logger.
 * @param stream where lines go; stderr by default, written at once so that a crash loses nothing.
 */
export function createLogger(
  level: string,
  bindings: Record<string, unknown> = {},
  stream: NodeJS.WritableStream | undefined = undefined,
): Logger {
  const options = { level, base: bindings, redact, timestamp: () => `,"time":"${new Date().toISOString()}"` };
  return pino(options, (stream as never) ?? destination({ fd: 2, sync: true }));
}
