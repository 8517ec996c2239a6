// Server-Sent Events as a program reads them: https://html.spec.whatwg.org/multipage/server-sent-events.html
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { answerOf, send, Unreachable } from "./api.ts";
import type { ClientSettings } from "./settings.ts";

export interface ServerEvent {
  name: string;
  id: string | null;
  data: string;
}

const RETRY_MS = 1000;
/** A server that is started anew comes back within this. */
const LOST_LIMIT = 30;
const LINE_LIMIT = 16 * 1024 * 1024;

/** Follows a stream until `isLast` says that it is over; a lost connection goes on after the last event seen. */
export async function* followEvents(
  settings: ClientSettings,
  path: string,
  isLast: (event: ServerEvent) => boolean,
): AsyncGenerator<ServerEvent> {
  let last: string | null = null;
  for (let lost = 0; ; ) {
    try {
      const response = await send(settings, path, {
        headers: last === null ? {} : { "last-event-id": last },
      });
      if (!response.ok || !response.body) await answerOf(response, z.never());
      for await (const event of readEvents(response.body!)) {
        lost = 0;
        last = event.id ?? last;
        yield event;
        if (isLast(event)) return;
      }
      lost++;
    } catch (error) {
      // A refusal is an answer; a lost connection is none.
      if (!(error instanceof Unreachable) && !(error instanceof TypeError)) throw error;
      if (++lost > LOST_LIMIT) throw error;
    }
    if (lost > LOST_LIMIT) throw new Unreachable("the server ends the live view again and again");
    await sleep(RETRY_MS);
  }
}

/** Splits a body into events. Comments (heartbeats) and fields that nobody knows are passed over. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  let event: ServerEvent = { name: "message", id: null, data: "" };
  let data: string[] = [];
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > LINE_LIMIT) throw new Unreachable("the server's live view has no end of line");
    const lines = rest.split(/\r\n|\n|\r(?=.)/s);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield { ...event, data: data.join("\n") };
        event = { name: "message", id: null, data: "" };
        data = [];
        continue;
      }
      const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === "data") data.push(value);
      else if (field === "event") event.name = value;
      else if (field === "id" && !value.includes("\0")) event.id = value;
    }
  }
}
