// Sandbox pairs that wait, already running. Creating, refilling and removing happen in the background; a
// submission whose suite is warm meets only a list look-up.
import { setTimeout as sleep } from "node:timers/promises";
import type { SandboxDriver } from "./driver.ts";
import type { Engine } from "./engine.ts";
import { Group, keyOf } from "./group.ts";
import { Harness } from "./harness.ts";
import type { SandboxNeed } from "./need.ts";
import { openDriver } from "./open-driver.ts";
import { type PairSource, SandboxPair, type Seats } from "./pair.ts";
import { REAP_EVERY_MS } from "./reaper.ts";
import type { StudentSandbox } from "./student.ts";

export type { SandboxNeed } from "./need.ts";
export type { SandboxPair } from "./pair.ts";

export interface SandboxPool {
  /** What makes its sandboxes; those with devices and autograders' are made with it, too. */
  readonly driver: SandboxDriver;
  /** A pair, ready; at once when one waits. @throws InfrastructureFault, or the signal's reason */
  acquire(need: SandboxNeed, signal: AbortSignal): Promise<SandboxPair>;
  /** Has `depth` pairs wait for a suite before anyone asks. */
  prepare(need: SandboxNeed, depth: number): void;
  stats(): PoolStats;
  /** Whether the engine is there. */
  engineAnswers(): Promise<boolean>;
  /** Removes everything; resolves when nothing is left. */
  close(): Promise<void>;
}

export interface PoolStats {
  suites: number;
  harnesses: number;
  ready: number;
  busy: number;
  waitingBytes: number;
  acquired: { warm: number; cold: number };
}

export interface PoolOptions {
  /** A Docker engine; by default what `ASSAY_ENGINE` says. */
  engine?: Engine;
  driver?: SandboxDriver;
  /** `ASSAY_HOME`: whose leftovers this pool removes. */
  home?: string;
  /** Sockets of a harness: each serves one student sandbox, so about so many submissions. */
  slots?: number;
  /** False for a single grading: nothing is made that nobody waits for. */
  background?: boolean;
  /** Gradings at once: so many harnesses, since each serves one submission at a time. */
  atOnce?: number;
  /** Sandboxes of a suite that nobody used for so long are thrown away. */
  idleMs?: number;
  /** Ceiling on what waiting sandboxes hold. */
  waitingBytes?: number;
  onFault?: (error: unknown) => void;
}

/** 32 mounts cost a start 30 ms; fewer slots mean a harness more often, which costs 300 ms and more. */
const SLOTS = 24;
const IDLE_MS = 10 * 60_000;
/** Harnesses of a suite that are made before anyone asks: with torch each holds 200 MB. */
const HARNESSES_AHEAD = 4;
/** Background work gives way to gradings for so long, then it is what the next submission waits for. */
const YIELD_MS = 1_500;
/** And for so long while many wait: a rush that the pool was filled for is not the time to fill it. */
const RUSH_YIELD_MS = 15_000;
/** Removing a used sandbox costs the engine as much as a small grading; it holds no process any more. */
const REMOVAL_YIELD_MS = 10_000;
/** After a failure the background tries again so much later, not at once and for ever. */
const FAULT_PAUSE_MS = 5_000;

export async function openSandboxPool(options: PoolOptions = {}): Promise<SandboxPool> {
  const pool = new Pool(options.driver ?? (await openDriver(options)), options);
  await pool.reap();
  return pool;
}

class Pool implements SandboxPool {
  readonly driver: SandboxDriver;
  readonly #slots: number;
  readonly #atOnce: number;
  readonly #background: boolean;
  readonly #idleMs: number;
  readonly #waitingBytes: number;
  readonly #onFault: (error: unknown) => void;
  readonly #groups = new Map<string, Group>();
  readonly #ofHarness = new Map<Harness, Group>();
  readonly #removals = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #refilling = false;
  #acquired = { warm: 0, cold: 0 };

  constructor(driver: SandboxDriver, options: PoolOptions) {
    this.driver = driver;
    this.#background = options.background ?? true;
    this.#slots = options.slots ?? (this.#background ? SLOTS : 0);
    this.#atOnce = options.atOnce ?? 1;
    this.#idleMs = options.idleMs ?? IDLE_MS;
    this.#waitingBytes = options.waitingBytes ?? driver.waitingBytes;
    this.#onFault = options.onFault ?? (() => {});
    this.#timer = setInterval(() => this.#tick(), REAP_EVERY_MS);
    this.#timer.unref();
  }

  async acquire(need: SandboxNeed, signal: AbortSignal): Promise<SandboxPair> {
    signal.throwIfAborted();
    this.#closing.signal.throwIfAborted();
    const group = this.#groupOf(need);
    group.demand.arrived(performance.now());
    return new SandboxPair(this.#sourceFor(group), need.limits, await this.#seats(group, signal));
  }

  prepare(need: SandboxNeed, depth: number): void {
    this.#groupOf(need).demand.ask(depth, performance.now() + this.#idleMs);
    this.#refill();
  }

  stats(): PoolStats {
    const groups = [...this.#groups.values()];
    const total = (count: (group: Group) => number) => groups.reduce((sum, group) => sum + count(group), 0);
    return {
      suites: groups.length,
      harnesses: total((group) => group.harnesses.length),
      ready: total((group) => group.ready),
      busy: total((group) => group.busy),
      waitingBytes: total((group) => group.waitingBytes),
      acquired: { ...this.#acquired },
    };
  }

  engineAnswers(): Promise<boolean> {
    return this.driver.answers();
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the sandbox pool is closed"));
    clearInterval(this.#timer);
    for (const group of this.#groups.values()) {
      for (const waiter of group.waiters.splice(0)) waiter.reject(this.#closing.signal.reason);
      for (const harness of [...group.harnesses]) this.#retire(harness);
    }
    while (this.#removals.size > 0) await Promise.all(this.#removals);
    await this.reap(0);
    this.driver.close();
  }

  async reap(strayMs?: number): Promise<void> {
    await this.driver.reap(strayMs).catch(this.#onFault);
  }

  // ── what a pair asks of us ──

  #sourceFor(group: Group): PairSource {
    return {
      replaces: this.driver.places.spare > 0,
      fresh: (signal) => this.#seats(group, signal),
      replacement: (harness, signal) => this.#replacement(harness, signal),
      used: (student, harness) => this.#later(harness.discard(student, this.#quiet(REMOVAL_YIELD_MS))),
      back: (harness) => this.#back(harness),
    };
  }

  async #replacement(harness: Harness, signal: AbortSignal): Promise<StudentSandbox | null> {
    const waiting = harness.takeStudent();
    if (waiting || !harness.hasFreeSlot) return waiting;
    await harness.startStudent(signal);
    return harness.takeStudent();
  }

  #back(harness: Harness): void {
    const group = this.#ofHarness.get(harness);
    harness.busy = false;
    if (!group) return;
    if (!harness.usable || this.#closing.signal.aborted) this.#retire(harness);
    this.#serve(group);
    this.#refill();
  }

  // ── pairs for those who wait ──

  async #seats(group: Group, signal: AbortSignal): Promise<Seats> {
    group.lastUsed = performance.now();
    const seats = group.waiters.length === 0 ? group.take() : null;
    if (seats) {
      this.#acquired.warm++;
      this.#refill();
      return seats;
    }
    this.#acquired.cold++;
    const { promise, resolve, reject } = Promise.withResolvers<Seats>();
    const waiter = { resolve, reject };
    const abort = () => {
      group.waiters = group.waiters.filter((other) => other !== waiter);
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    group.waiters.push(waiter);
    this.#serve(group);
    return promise.finally(() => signal.removeEventListener("abort", abort));
  }

  /** Hands out what is ready, and begins to make what is not, for each who waits. */
  #serve(group: Group): void {
    for (let seats = group.waiters.length > 0 ? group.take() : null; seats; ) {
      group.waiters.shift()?.resolve(seats);
      seats = group.waiters.length > 0 ? group.take() : null;
    }
    while (group.making < group.waiters.length && !this.#closing.signal.aborted) void this.#make(group);
  }

  async #make(group: Group): Promise<void> {
    group.making++;
    try {
      await this.#makeOne(group);
    } catch (error) {
      group.waiters.shift()?.reject(error);
    } finally {
      group.making--;
      this.#serve(group);
      this.#refill();
    }
  }

  /** One more waiting student sandbox: at a harness that lacks only that, else with a new harness. */
  async #makeOne(group: Group, atHarness = group.lackingStudent()): Promise<void> {
    const began = performance.now();
    const signal = this.#closing.signal;
    if (atHarness) {
      await atHarness.startStudent(signal);
    } else {
      const { need } = group;
      const [suiteTar, images] = await Promise.all([need.suiteTar(), this.driver.images(need.image)]);
      const { cpus, memory, pids } = need.limits;
      const limits = { cpus, memoryBytes: memory, pids };
      const plan = { images, preload: need.preload, limits, suiteTar, slots: this.#slots };
      const harness = await Harness.start(this.driver, plan, signal);
      group.harnesses.push(harness);
      this.#ofHarness.set(harness, group);
      if (signal.aborted) this.#retire(harness);
    }
    group.makingMs = 0.7 * group.makingMs + 0.3 * (performance.now() - began);
  }

  #groupOf(need: SandboxNeed): Group {
    const key = keyOf(need);
    const group = this.#groups.get(key) ?? new Group(need, performance.now());
    group.lastUsed = performance.now();
    this.#groups.set(key, group);
    return group;
  }

  // ── the background ──

  #refill(): void {
    if (!this.#background || this.#refilling || this.#closing.signal.aborted) return;
    this.#refilling = true;
    this.#later(
      this.#refillAll()
        .catch(async (error) => {
          this.#onFault(error);
          await sleep(FAULT_PAUSE_MS, undefined, { signal: this.#closing.signal }).catch(() => {});
        })
        .finally(() => {
          this.#refilling = false;
        }),
    );
  }

  /** One sandbox after the other: what waits must not take the processors from what runs. */
  async #refillAll(): Promise<void> {
    for (let group = this.#neediest(); group; group = this.#neediest()) {
      await this.#quiet(group.ready > 2 * this.#atOnce ? RUSH_YIELD_MS : YIELD_MS);
      if (this.#closing.signal.aborted) return;
      // Who came meanwhile is served by `#serve`, which begins this anew when it is done.
      if (group.waiters.length > 0) continue;
      const wanted = Math.min(this.#atOnce, HARNESSES_AHEAD);
      await this.#makeOne(group, group.open.length < wanted ? null : group.thinnest());
      this.#serve(group);
    }
  }

  /**
   * The group that lacks the most waiting sandboxes, within the ceiling on memory. One for which someone
   * waits is being served already: to pick it here would spin, since nothing would be made of it.
   */
  #neediest(): Group | null {
    const now = performance.now();
    const lack = (group: Group) => group.demand.depth(now, group.makingMs) - group.ready - group.making;
    const [first] = [...this.#groups.values()]
      .filter((group) => group.waiters.length === 0 && lack(group) > 0)
      .sort((a, b) => lack(b) - lack(a));
    if (!first || this.#closing.signal.aborted) return null;
    if (this.stats().waitingBytes < this.#waitingBytes) return first;
    return this.#makeRoom(first) ? first : null;
  }

  /** Throws away what the longest unused other suite has waiting. */
  #makeRoom(wanted: Group): boolean {
    const [oldest] = [...this.#groups.values()]
      .filter((group) => group !== wanted && group.idle && group.harnesses.length > 0)
      .sort((a, b) => a.lastUsed - b.lastUsed);
    if (!oldest) return false;
    for (const harness of [...oldest.harnesses]) this.#retire(harness);
    return true;
  }

  /** Waits for a moment without gradings, but not for ever. */
  async #quiet(patienceMs: number): Promise<void> {
    const until = performance.now() + patienceMs;
    while (this.stats().busy > 0 && performance.now() < until && !this.#closing.signal.aborted)
      await sleep(50);
  }

  #tick(): void {
    const now = performance.now();
    for (const [key, group] of this.#groups) {
      for (const harness of [...group.harnesses]) {
        if (!harness.busy && !harness.usable) this.#retire(harness);
      }
      if (group.idle && now - group.lastUsed > this.#idleMs) {
        for (const harness of [...group.harnesses]) this.#retire(harness);
        this.#groups.delete(key);
      }
    }
    this.#later(this.reap());
    this.#refill();
  }

  #retire(harness: Harness): void {
    const group = this.#ofHarness.get(harness);
    if (group) group.harnesses = group.harnesses.filter((other) => other !== harness);
    this.#ofHarness.delete(harness);
    this.#later(harness.remove({ now: this.#closing.signal.aborted }));
  }

  /** Off everyone's path; `close` waits for it. */
  #later(work: Promise<void>): void {
    const done = work.catch(this.#onFault).finally(() => this.#removals.delete(done));
    this.#removals.add(done);
  }
}
