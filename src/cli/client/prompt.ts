// Questions at a terminal; a password is not shown as it is typed.
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { ConfigError } from "../../platform/config.ts";

export async function askLine(question: string, option: string): Promise<string> {
  return prompt(question, option, false);
}

/** From the environment, from a pipe, or typed. */
export async function askPassword(question: string): Promise<string> {
  const given = process.env.ASSAY_PASSWORD;
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) {
    const piped = (await text(process.stdin)).split(/\r?\n/)[0] ?? "";
    if (piped !== "") return piped;
  }
  return prompt(question, "ASSAY_PASSWORD or a pipe", true);
}

async function prompt(question: string, otherwise: string, hidden: boolean): Promise<string> {
  if (!process.stdin.isTTY) throw new ConfigError(`There is no terminal to ask at: give ${otherwise}.`);
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({
    input: process.stdin,
    output: hidden ? silent : process.stderr,
    terminal: true,
  });
  try {
    return await reader.question("");
  } finally {
    reader.close();
    if (hidden) process.stderr.write("\n");
  }
}
