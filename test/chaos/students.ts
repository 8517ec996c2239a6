// Students who hand in all the time, slowly, and send again what was not answered: with the same Idempotency-Key, as
// `assay submit` does. What they were answered is what must come true.
import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientSettings } from "../../src/cli/client/settings.ts";
import { zipOf } from "../../src/storage/zip-write.ts";

const PADDING_BYTES = 96 * 1024;
const PIECES = 12;
const PIECE_PAUSE_MS = 60;
const RETRY_PAUSE_MS = 250;
/** A server that starts again answers within some seconds; beyond this the student gives up, which is a finding. */
const GIVE_UP_MS = 120_000;

export class Crowd {
  /** Submissions' ids by key, as they were answered. */
  readonly answered = new Map<string, string>();
  /** Refusals: none is expected. */
  readonly refused: string[] = [];
  /** Bodies of which a part is sent. */
  uploading = 0;
  /** Uploads that broke off with the server. */
  broken = 0;
  private readonly assignment: string;
  private readonly students: ClientSettings[];
  private readonly random: () => number;
  private readonly source: string;
  private stopped = false;

  constructor(
    { assignment, students }: { assignment: string; students: ClientSettings[] },
    source: string,
    random: () => number,
  ) {
    this.assignment = assignment;
    this.students = students;
    this.source = source;
    this.random = random;
  }

  get submitted(): number {
    return this.answered.size;
  }

  /** Hands in until `stop`, each student one after the other. @param mayGoOn false while enough wait already */
  async run(mayGoOn: () => boolean): Promise<void> {
    await Promise.all(this.students.map((student) => this.keepHandingIn(student, mayGoOn)));
  }

  /** Nothing new is begun; what is under way is sent until it is answered. */
  stop(): void {
    this.stopped = true;
  }

  private async keepHandingIn(student: ClientSettings, mayGoOn: () => boolean): Promise<void> {
    while (!this.stopped) {
      await sleep(this.random() * 400);
      if (mayGoOn()) await this.handIn(student);
    }
  }

  private async handIn(student: ClientSettings): Promise<void> {
    const key = randomUUID();
    const zip = await zipOf([
      { path: "work.py", bytes: Buffer.from(`${this.source}\n# ${key}\n`) },
      {
        path: "padding.bin",
        bytes: Buffer.from(Array.from({ length: PADDING_BYTES }, () => this.random() * 256)),
      },
    ]);
    const deadline = Date.now() + GIVE_UP_MS;
    while (Date.now() < deadline) {
      const answer = await this.send(student, key, zip);
      if (answer === "again") await sleep(RETRY_PAUSE_MS);
      else if (typeof answer === "string") return void this.refused.push(answer);
      else return void this.answered.set(key, answer.id);
    }
    this.refused.push(`no answer within ${GIVE_UP_MS / 1000} s`);
  }

  /** The answer's id; `again` when the server is away or in trouble; else why it was refused. */
  private send(
    student: ClientSettings,
    key: string,
    zip: Buffer,
  ): Promise<{ id: string } | "again" | string> {
    const headers = {
      authorization: `Bearer ${student.token}`,
      "content-type": "application/zip",
      "content-length": zip.length,
      "idempotency-key": key,
    };
    const path = `/api/v1/assignments/${this.assignment}/submissions?name=work.zip`;
    return new Promise((resolve) => {
      const sending = request(
        `${student.server}${path}`,
        { method: "POST", headers, agent: false },
        (response) => {
          const status = response.statusCode ?? 0;
          text(response).then(
            (body) => {
              if (status === 200 || status === 201) resolve(JSON.parse(body));
              else resolve(status >= 500 ? "again" : `${status} ${body}`);
            },
            () => resolve("again"),
          );
        },
      );
      sending.once("error", () => {
        this.broken++;
        resolve("again");
      });
      void this.pour(sending, zip);
    });
  }

  private async pour(sending: ReturnType<typeof request>, zip: Buffer): Promise<void> {
    this.uploading++;
    try {
      const size = Math.ceil(zip.length / PIECES);
      for (let at = 0; at < zip.length && !sending.destroyed; at += size) {
        sending.write(zip.subarray(at, at + size));
        await sleep(PIECE_PAUSE_MS * (0.5 + this.random()));
      }
      if (!sending.destroyed) sending.end();
    } finally {
      this.uploading--;
    }
  }
}
