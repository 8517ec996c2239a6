/** What a worker process of the queue's bench says, with the time of `sharedClock`. */
export type Said = { event: "up" } | { event: "began" | "ended"; id: string; team: string; at: number };

/** Milliseconds of the machine's monotonic clock, the same in all its processes. */
export const sharedClock = (): number => Number(process.hrtime.bigint()) / 1e6;
