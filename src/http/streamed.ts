import { Readable } from "node:stream";

/** An answer that is written as its bytes come: a file, a ZIP that is made on the way. */
export const streamed = (bytes: Readable, headers: Record<string, string>): Response =>
  new Response(Readable.toWeb(bytes) as ReadableStream, { headers });
