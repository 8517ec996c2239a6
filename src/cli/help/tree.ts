// The commands of a program as a list, and what `--help` adds to them.
import type { Command } from "commander";
import { commandHelp } from "./examples.ts";

export interface NamedCommand {
  /** As it is typed, without `assay`: `course create`. */
  path: string;
  command: Command;
}

/** Every command that does something; those that only hold others are passed through. */
export function leavesOf(command: Command, above: string[] = []): NamedCommand[] {
  return command.commands.flatMap((each) => {
    const path = [...above, each.name()];
    return each.commands.length > 0 ? leavesOf(each, path) : [{ path: path.join(" "), command: each }];
  });
}

/** Gives each command of the program its examples and exit codes. */
export function addHelp(program: Command): void {
  for (const { path, command } of leavesOf(program)) {
    const help = commandHelp[path];
    if (!help) continue;
    const examples = help.examples.map((example) => `  $ ${example}`);
    const exits = Object.entries(help.exits).map(([code, meaning]) => `  ${code}  ${meaning}`);
    command.addHelpText("after", `\nExamples:\n${examples.join("\n")}\n\nExit codes:\n${exits.join("\n")}`);
  }
}
