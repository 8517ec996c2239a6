// Where a request came from: the socket's own word. No header is believed; behind a proxy every request has the
// proxy's address, and limits by address count them together.
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";

export function addressOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? "unknown";
  } catch {
    // No socket: `app.request` in a test.
    return "unknown";
  }
}
