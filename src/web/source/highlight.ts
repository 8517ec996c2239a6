// Colours for code: from a process of its own, within a deadline, kept by the file's hash. Without them code is shown
// plain, and nobody waits.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Lines } from "./highlight-child.ts";

export type { Lines };

const DEADLINE_MS = 2000;
const MEMORY_MB = 256;
const program = fileURLToPath(new URL("./highlight-child.ts", import.meta.url));
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
let child: ChildProcess | null = null;
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

function plain(code: string): Lines {
  return code.split("\n").map((line) => [[line, ""]]);
}

function ask(code: string, lang: string): Promise<Lines | null> {
  const asked = currentChild();
  const id = ++last;
  return new Promise((resolve) => {
    // A late answer costs the process: whatever it is in the middle of cannot be stopped otherwise.
    const late = setTimeout(() => end(asked), DEADLINE_MS);
    waiting.set(id, (lines) => {
      clearTimeout(late);
      waiting.delete(id);
      resolve(lines);
    });
    asked.send({ id, code, lang }, (error) => error && end(asked));
  });
}

/** It may read files (its grammars) and do nothing else; it sees nothing of our environment. */
function currentChild(): ChildProcess {
  if (child) return child;
  const started = fork(program, {
    execArgv: [
      "--permission",
      "--allow-fs-read=*",
      "--disable-warning=SecurityWarning",
      "--disable-warning=ExperimentalWarning",
      `--max-old-space-size=${MEMORY_MB}`,
    ],
    env: {},
    serialization: "json",
    stdio: "ignore",
  });
  // It does not keep our process alive, and ends with it.
  started.unref();
  started.channel?.unref();
  started.on("message", ({ id, lines }: { id: number; lines: Lines }) => waiting.get(id)?.(lines));
  started.on("error", () => end(started));
  started.on("exit", () => end(started));
  child = started;
  return started;
}

function end(ended: ChildProcess): void {
  if (child !== ended) return;
  child = null;
  ended.kill("SIGKILL");
  for (const answer of [...waiting.values()]) answer(null);
}
