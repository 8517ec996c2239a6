// What a container that speaks no protocol prints: kept up to a cap, counted to another.
import type { Duplex } from "node:stream";
import { pieces } from "./attached.ts";

export interface Printed {
  text(): string;
  /** Resolves when the stream has ended, or at the moment when more was printed than is listened to. */
  over: Promise<"closed" | "output_limit">;
}

/** Reads until the end. The first `kept` bytes stay; past `most` nobody listens any more. */
export function listenTo(stream: Duplex, kept: number, most: number): Printed {
  const parts: Buffer[] = [];
  let size = 0;
  const read = async () => {
    try {
      for await (const { bytes } of pieces(stream)) {
        if (size < kept) parts.push(bytes.subarray(0, kept - size));
        size += bytes.length;
        if (size > most) return "output_limit" as const;
      }
    } catch {
      // A connection that breaks is an end: the container's own state tells the rest.
    }
    return "closed" as const;
  };
  const over = read().finally(() => stream.destroy());
  const text = () => {
    const shown = Buffer.concat(parts).toString("utf8");
    return size > kept ? `${shown}\n… (${size - kept} bytes more)` : shown;
  };
  return { text, over };
}
