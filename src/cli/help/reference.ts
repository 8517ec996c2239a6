// docs/cli.md: what every command takes, made from the commands themselves.
import type { Argument, Command, Option } from "commander";
import { commandHelp } from "./examples.ts";
import { leavesOf, type NamedCommand } from "./tree.ts";

const HEAD = `# The command line

\`npx assay COMMAND\`; \`npx assay COMMAND --help\` says the same as this page, which is made from it
(\`npx vitest run src/cli/help -u\` writes it anew; a test fails while it differs).

Commands that ask a server find it by \`--server\`, else \`ASSAY_SERVER\`, else what \`assay login\` saved; their token by
\`--token\`, else \`ASSAY_TOKEN\`, else what \`assay login\` saved for that server. It is saved in
\`~/.config/assay/config.json\` (below \`XDG_CONFIG_HOME\` where that is set), which only its owner may read:

\`\`\`json
{ "server": "https://assay.example.edu", "token": "…" }
\`\`\`

Messages are English or Chinese, by \`--lang\`, else \`LC_ALL\`, \`LC_MESSAGES\` or \`LANG\`. A password is read from
\`ASSAY_PASSWORD\`, a pipe or the terminal. What a server's own machine needs to know (\`DATABASE_URL\`, \`ASSAY_HOME\` and so
on) stands in the [README](../README.md) and in [deployment.md](deployment.md). With \`--json\` standard output holds one JSON
document and nothing else; a refusal is \`{"error": {"code", "message", "params"}}\`.
`;

export function referenceOf(program: Command): string {
  return `${[HEAD, ...leavesOf(program).map(section)].join("\n")}`;
}

function section({ path, command }: NamedCommand): string {
  const { examples = [], exits = {} } = commandHelp[path] ?? {};
  const options = command.options.filter(({ hidden }) => !hidden);
  const rows = [...command.registeredArguments.map(argumentRow), ...options.map(optionRow)];
  const table = rows.length > 0 ? `\n| | |\n|---|---|\n${rows.join("\n")}\n` : "";
  const codes = Object.entries(exits).map(([code, meaning]) => `${code} ${meaning}`);
  return `## assay ${path}

${sentence(command.description())}
${table}
\`\`\`
${examples.join("\n")}
\`\`\`

Exit codes: ${codes.join("; ")}.
`;
}

const sentence = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}.`;
const cell = (text: string) => text.replaceAll("|", "\\|");

function argumentRow(argument: Argument): string {
  const choices = argument.argChoices ? ` (${argument.argChoices.join(", ")})` : "";
  return `| \`<${argument.name()}>\` | ${cell(argument.description)}${choices} |`;
}

/** A default that this machine computes would differ on the next. */
function optionRow({ flags, description, defaultValue, mandatory, long }: Option): string {
  const said =
    typeof defaultValue === "string" || typeof defaultValue === "number" ? String(defaultValue) : "";
  const machines = long === "--parallel" ? "the number of processors" : said;
  const notes = [...(mandatory ? ["required"] : []), ...(machines ? [`default: ${machines}`] : [])];
  return `| \`${flags}\` | ${cell(description)}${notes.length > 0 ? ` (${notes.join("; ")})` : ""} |`;
}
