// One submission as a student's browser sends it, with a clock on it: from the last byte of the upload.
import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { followEvents } from "../src/cli/client/events.ts";
import type { ClientSettings } from "../src/cli/client/settings.ts";
import { COURSE } from "../src/cli/demo/session.ts";
import { listen } from "../src/platform/events.ts";
import type { Case } from "./cases.ts";
import type { Timing } from "./plain.ts";
import type { Stage } from "./stage.ts";

export interface Receipt {
  submission: string;
  attempt: string;
  /** When the last byte had been handed to the system, by this process's clock. */
  sentAt: number;
  /** Seconds from there to the answer. */
  took: number;
}

export function submit(student: ClientSettings, one: Case, zip: Buffer = one.zip): Promise<Receipt> {
  const path = `/api/v1/assignments/${COURSE}.${one.suite.config.id}/submissions?name=work.zip`;
  const headers = {
    authorization: `Bearer ${student.token}`,
    "content-type": "application/zip",
    "content-length": zip.length,
    "idempotency-key": randomUUID(),
  };
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    const sending = request(`${student.server}${path}`, { method: "POST", headers }, async (response) => {
      const body = await text(response);
      const took = (performance.now() - sentAt) / 1000;
      if (response.statusCode !== 201) return reject(new Error(`${response.statusCode}: ${body}`));
      const { id, attempt } = JSON.parse(body);
      resolve({ submission: id, attempt: attempt.id, sentAt, took });
    });
    sending.on("error", reject);
    sending.end(zip, () => {
      sentAt = performance.now();
    });
  });
}

/** Ends of attempts as the database tells them: the report is in it when the notification comes. */
export class Ends {
  private readonly at = new Map<string, number>();
  private readonly waiting = new Map<string, (at: number) => void>();
  private stop: () => Promise<void> = async () => {};

  static async open({ database }: Stage): Promise<Ends> {
    const ends = new Ends();
    ends.stop = await listen(database, "attempt_finished", (id) => ends.ended(id));
    return ends;
  }

  close(): Promise<void> {
    return this.stop();
  }

  of(attempt: string): Promise<number> {
    const at = this.at.get(attempt);
    return at === undefined
      ? new Promise((resolve) => this.waiting.set(attempt, resolve))
      : Promise.resolve(at);
  }

  private ended(id: string): void {
    const now = performance.now();
    this.at.set(id, now);
    this.waiting.get(id)?.(now);
  }
}

/** Submits and watches: (d), the way of a student. @throws when it does not give full points */
export async function watched(
  stage: Stage,
  ends: Ends,
  one: Case,
  turn: number,
): Promise<Timing & { intake: number }> {
  const student = stage.students[turn % stage.students.length]!;
  const { submission, attempt, sentAt, took } = await submit(student, one);
  let first = 0;
  const path = `/api/v1/submissions/${submission}/events`;
  for await (const event of followEvents(student, path, ({ name }) => name === "finished")) {
    if (event.name === "test" && first === 0) first = performance.now();
    if (event.name !== "finished") continue;
    const { score, max } = JSON.parse(event.data);
    if (score !== max) throw new Error(`${one.name}: ${score} of ${max}`);
  }
  const report = await ends.of(attempt);
  return { intake: took, first: (first - sentAt) / 1000, report: (report - sentAt) / 1000 };
}
