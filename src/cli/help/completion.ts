// `assay completion SHELL`: a script for the shell, made of the commands, so that a press of Tab starts no program.
import { Argument, Command } from "commander";

interface Place {
  /** Words typed so far, without options: "" or `course create`. */
  path: string;
  /** Commands below, then options, each with what it is for. */
  words: { word: string; about: string; takesValue: boolean }[];
}

const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** @param load the program with all of its commands. */
export function completionCommand(load: () => Promise<Command>): Command {
  return new Command("completion")
    .description("print a script that completes commands and options in your shell")
    .addArgument(new Argument("<shell>", "your shell").choices(shells))
    .action(async (shell: Shell) => {
      process.stdout.write(completionOf(await load(), shell));
    });
}

export function completionOf(program: Command, shell: Shell): string {
  const places = placesOf(program, []);
  return { bash, zsh, fish }[shell](places);
}

function placesOf(command: Command, above: string[]): Place[] {
  const commands = command.commands.map((each) => {
    return { word: each.name(), about: each.description(), takesValue: false };
  });
  const options = command.options
    .filter(({ hidden, long }) => !hidden && long)
    .map((option) => ({
      word: option.long!,
      about: option.description,
      takesValue: option.required || option.optional,
    }));
  const help = { word: "--help", about: "how it is used", takesValue: false };
  const here: Place = { path: above.join(" "), words: [...commands, ...options, help] };
  return [here, ...command.commands.flatMap((each) => placesOf(each, [...above, each.name()]))];
}

/** Of the words before the cursor those that name a command; what else was typed is an argument. */
const walk = `  local path="" word i
  for ((i = START; i < END; i++)); do
    word="\${WORDS[i]}"
    case "$path $word" in
PATHS
    esac
  done`;

function walker(places: Place[], start: string, end: string, words: string): string {
  const cases = places
    .filter(({ path }) => path !== "")
    .map(({ path }) => {
      const parts = path.split(" ");
      const before = parts.slice(0, -1).join(" ");
      return `      "${before} ${parts.at(-1)}") path="${path}" ;;`;
    });
  return walk
    .replace("START", start)
    .replace("END", end)
    .replace("WORDS", words)
    .replace("PATHS", cases.join("\n"));
}

/** Where nothing fits, files: arguments are mostly that. */
function bash(places: Place[]): string {
  const cases = places.map(
    ({ path, words }) => `    "${path}") all="${words.map(({ word }) => word).join(" ")}" ;;`,
  );
  return `# assay, for bash: eval "$(assay completion bash)"
_assay() {
${walker(places, "1", "COMP_CWORD", "COMP_WORDS")}
  local all=""
  case "$path" in
${cases.join("\n")}
  esac
  local cur="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=($(compgen -W "$all" -- "$cur"))
}
complete -o default -F _assay assay
`;
}

const inZsh = (text: string) => text.replaceAll("'", "'\\''").replaceAll(":", "\\:");

function zsh(places: Place[]): string {
  const cases = places.map(({ path, words }) => {
    const all = words.map(({ word, about }) => `'${word}:${inZsh(about)}'`);
    return `    "${path}") all=(${all.join(" ")}) ;;`;
  });
  return `#compdef assay
# assay, for zsh: write this as _assay into a folder of your fpath
_assay() {
${walker(places, "2", "CURRENT", "words").replace('local path=""', 'local place=""').replaceAll("path=", "place=").replace('"$path ', '"$place ')}
  local -a all
  case "$place" in
${cases.join("\n")}
  esac
  _describe 'assay' all || _files
}
if [ "$funcstack[1]" = "_assay" ]; then _assay "$@"; else compdef _assay assay; fi
`;
}

const inFish = (text: string) => text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");

function fish(places: Place[]): string {
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ word, about, takesValue }) => {
      const what = word.startsWith("--") ? `-l ${word.slice(2)}${takesValue ? " -r" : ""}` : `-f -a ${word}`;
      return `complete -c assay -n "__assay_at '${path}'" ${what} -d '${inFish(about)}'`;
    }),
  );
  const paths = places.filter(({ path }) => path !== "").map(({ path }) => `'${path}'`);
  return `# assay, for fish: write this into ~/.config/fish/completions/assay.fish
function __assay_at
  set -l place ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$place $word")
    if contains -- "$next" ${paths.join(" ")}
      set place $next
    end
  end
  test "$place" = "$argv[1]"
end
${lines.join("\n")}
`;
}
