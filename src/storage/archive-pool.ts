// The children that wait for archives: lent, given back, replaced.
import { type ArchiveProcess, startArchiveProcess } from "./archive-process.ts";
import { StorageFault } from "./blobs.ts";

/** `size` children, started at once; each is lent to one archive at a time. */
export function createPool(size: number, memoryBytes: number, archivesPerChild: number) {
  const all = new Set<ArchiveProcess>();
  const idle: ArchiveProcess[] = [];
  const waiting: PromiseWithResolvers<ArchiveProcess>[] = [];
  let closed = false;

  function start(): ArchiveProcess {
    const child = startArchiveProcess(memoryBytes);
    all.add(child);
    return child;
  }
  function offer(child: ArchiveProcess): void {
    const next = waiting.shift();
    if (next === undefined) {
      child.rest();
      idle.push(child);
    } else {
      next.resolve(child);
    }
  }
  async function take(): Promise<ArchiveProcess> {
    if (closed) throw closedFault();
    let child = idle.shift();
    if (child === undefined) {
      const turn = Promise.withResolvers<ArchiveProcess>();
      waiting.push(turn);
      child = await turn.promise;
    }
    if (!child.alive()) {
      all.delete(child);
      child = start();
    }
    child.wake();
    return child;
  }
  function giveBack(child: ArchiveProcess, sound: boolean): void {
    const usable = sound && child.served < archivesPerChild && !closed;
    if (!usable) {
      child.kill();
      all.delete(child);
    }
    if (!closed) offer(usable ? child : start());
  }
  async function close(): Promise<void> {
    closed = true;
    for (const turn of waiting.splice(0)) turn.reject(closedFault());
    for (const child of all) {
      child.wake();
      child.kill();
    }
    await Promise.all([...all].map(({ ended }) => ended));
  }
  for (let count = 0; count < size; count += 1) offer(start());
  const pids = () => [...all].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  return { take, giveBack, close, pids, closed: () => closed };
}

export const closedFault = () => new StorageFault("the archive reader is closed");
