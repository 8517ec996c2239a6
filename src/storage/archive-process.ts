// One child process that reads archives: started, asked, stopped. What hostile bytes do to it, they do there.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { type ArchiveRequest, type Frame, FrameReader } from "./archive-frames.ts";

/**
 * Limits the process sets on itself before it becomes Node: writable memory, no file written, no core dump.
 * `ulimit -d` is the hard wall; V8's own heap limit stands far below it. (Where the shell has no such limit,
 * as on macOS, V8's remains.)
 */
const START =
  'ulimit -d "$1" 2>/dev/null; ulimit -f 0 2>/dev/null; ulimit -c 0 2>/dev/null; shift; exec "$@"';
const HEAP_LIMIT_MB = 192;
/** What Node 24 has mapped writable before it does anything: 607 MB seen, 512 of them V8's range for code. */
const NODE_RESERVES_BYTES = 640 * 1024 * 1024;
const STDERR_KEPT = 4096;
const program = fileURLToPath(new URL("./archive-child.ts", import.meta.url));

export type ArchiveProcess = {
  readonly pid: number | undefined;
  /** Archives asked of it so far. */
  served: number;
  alive(): boolean;
  ask(request: ArchiveRequest): void;
  next(): Promise<Frame | null>;
  /** The end of what it wrote to stderr: for our log, never for the sender. */
  complaint(): string;
  /** While it waits it does not keep our process alive. */
  rest(): void;
  wake(): void;
  kill(): void;
  ended: Promise<void>;
};

/**
 * Starts a child that may read files but not write them, start programs or see our environment.
 * `memoryBytes` is what it may take beyond a Node that does nothing.
 */
export function startArchiveProcess(memoryBytes: number): ArchiveProcess {
  const node = [
    process.execPath,
    "--permission",
    "--allow-fs-read=*",
    "--disable-warning=SecurityWarning",
    "--disable-warning=ExperimentalWarning",
    `--max-old-space-size=${HEAP_LIMIT_MB}`,
    program,
  ];
  const kilobytes = String(Math.round((NODE_RESERVES_BYTES + memoryBytes) / 1024));
  const child = spawn("/bin/sh", ["-c", START, "sh", kilobytes, ...node], {
    stdio: ["pipe", "pipe", "pipe"],
    env: {},
    cwd: "/",
  });
  return wrap(child);
}

function wrap(child: ChildProcessByStdio<Writable, Readable, Readable>): ArchiveProcess {
  const frames = new FrameReader(child.stdout);
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-STDERR_KEPT);
  });
  // A child that is gone shows by the end of its frames; the broken pipe says nothing new.
  child.stdin.on("error", () => {});
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", (error) => {
      complaint += String(error);
      resolve();
    });
  });
  const parts = [child, child.stdin, child.stdout, child.stderr] as { ref?(): void; unref?(): void }[];
  return {
    pid: child.pid,
    served: 0,
    alive: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    ask: (request) => void child.stdin.write(`${JSON.stringify(request)}\n`),
    next: () => frames.next(),
    complaint: () => complaint.trim(),
    rest: () => {
      for (const part of parts) part.unref?.();
    },
    wake: () => {
      for (const part of parts) part.ref?.();
    },
    kill: () => void child.kill("SIGKILL"),
    ended,
  };
}
