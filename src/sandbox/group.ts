// The harnesses of one suite version, and who waits for one. No timers here: the pool says when.
import { createHash } from "node:crypto";
import { Demand } from "./demand.ts";
import type { Harness } from "./harness.ts";
import type { SandboxNeed } from "./need.ts";
import type { Seats } from "./pair.ts";

/** Needs that can share a harness and its waiting students have equal keys. */
export function keyOf({ suiteHash, image, preload, limits }: SandboxNeed): string {
  return createHash("sha256")
    .update(JSON.stringify([suiteHash, image, preload, limits]))
    .digest("hex");
}

export interface Waiter {
  resolve(seats: Seats): void;
  reject(error: unknown): void;
}

export class Group {
  need: SandboxNeed;
  readonly demand = new Demand();
  harnesses: Harness[] = [];
  waiters: Waiter[] = [];
  /** Pairs being made for waiters now. */
  making = 0;
  /** Milliseconds that making one took lately. */
  makingMs = 1000;
  lastUsed: number;

  constructor(need: SandboxNeed, now: number) {
    this.need = need;
    this.lastUsed = now;
  }

  get ready(): number {
    return this.harnesses.reduce((sum, harness) => sum + (harness.usable ? harness.ready : 0), 0);
  }

  get busy(): number {
    return this.harnesses.filter((harness) => harness.busy).length;
  }

  get idle(): boolean {
    return this.busy === 0 && this.waiters.length === 0 && this.making === 0;
  }

  get waitingBytes(): number {
    return this.harnesses.reduce((sum, harness) => sum + harness.waitingBytes, 0);
  }

  /** A pair that is ready now: taken, so that nobody else gets it. */
  take(): Seats | null {
    for (const harness of this.harnesses) {
      if (harness.busy || !harness.usable) continue;
      const student = harness.takeStudent();
      if (!student) continue;
      harness.beginRun();
      return { harness, student };
    }
    return null;
  }

  /** A free harness that only lacks a student sandbox, and is not getting one already. */
  lackingStudent(): Harness | null {
    return (
      this.harnesses.find(
        (harness) =>
          !harness.busy && harness.usable && harness.hasFreeSlot && harness.ready + harness.starting === 0,
      ) ?? null
    );
  }

  /** Harnesses at which another student sandbox can be put. */
  get open(): Harness[] {
    return this.harnesses.filter((harness) => harness.usable && harness.hasFreeSlot);
  }

  /** Where another waiting student sandbox is best put: at the harness with the fewest. */
  thinnest(): Harness | null {
    return this.open.sort((a, b) => a.ready + a.starting - (b.ready + b.starting))[0] ?? null;
  }
}
