// Colours for code: from a thread of its own, within a deadline, kept by the file's hash. Without them code is shown
// plain, and nobody waits.
import { Worker } from "node:worker_threads";
import type { Lines } from "./highlight-worker.ts";

export type { Lines };

const DEADLINE_MS = 2000;
const MEMORY_MB = 256;
const KEPT = 60;

const languages: Record<string, string> = {
  py: "python",
  pyi: "python",
  json: "json",
  ipynb: "json",
  yaml: "yaml",
  yml: "yaml",
  toml: "toml",
  md: "markdown",
  sh: "shellscript",
  c: "c",
  h: "c",
  cpp: "cpp",
  hpp: "cpp",
  cu: "cpp",
  java: "java",
  js: "javascript",
  ts: "typescript",
};

export function languageOf(path: string): string | null {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(languages, ending) ? languages[ending]! : null;
}

const known = new Map<string, Lines>();
let thread: Worker | null = null;
let last = 0;
const waiting = new Map<number, (lines: Lines | null) => void>();

/** Coloured lines; plain ones where the language is not known, or colouring takes too long. */
export async function highlight(hash: string, code: string, lang: string | null): Promise<Lines> {
  if (lang === null) return plain(code);
  const key = `${lang}:${hash}`;
  const lines = known.get(key) ?? (await ask(code, lang));
  if (!lines) return plain(code);
  known.set(key, lines);
  if (known.size > KEPT) known.delete(known.keys().next().value!);
  return lines;
}

export function plain(code: string): Lines {
  return code.split("\n").map((line) => [[line, ""]]);
}

function ask(code: string, lang: string): Promise<Lines | null> {
  const worker = currentThread();
  const id = ++last;
  return new Promise((resolve) => {
    // A late answer costs the thread: whatever it is in the middle of cannot be stopped otherwise.
    const late = setTimeout(() => end(worker), DEADLINE_MS);
    waiting.set(id, (lines) => {
      clearTimeout(late);
      waiting.delete(id);
      resolve(lines);
    });
    worker.postMessage({ id, code, lang });
  });
}

function currentThread(): Worker {
  if (thread) return thread;
  const worker = new Worker(new URL("./highlight-worker.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  worker.unref();
  worker.on("message", ({ id, lines }: { id: number; lines: Lines }) => waiting.get(id)?.(lines));
  worker.on("error", () => end(worker));
  thread = worker;
  return worker;
}

function end(worker: Worker): void {
  if (thread === worker) thread = null;
  void worker.terminate();
  for (const answer of [...waiting.values()]) answer(null);
}
