import { Command } from "commander";
import type { CommandEntry, CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";

/** What a shell may offer behind a command. */
interface Completions {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly {
    readonly long: string;
    readonly short: string | undefined;
    readonly description: string;
    readonly takesValue: boolean;
    /** What the value can be, where it is one of a few words. */
    readonly words: readonly string[];
  }[];
}

const shells = ["bash", "zsh", "fish"] as const;

/** `tiphys completion SHELL`: a script that completes commands, options and output formats, made from the commands themselves. */
export function completionOf(entries: readonly CommandEntry[]): CommandModule {
  return {
    configure(command) {
      command.argument("<shell>", shells.join(", ")).addHelpText(
        "after",
        `
bash: add to ~/.bashrc:  source <(tiphys completion bash)
zsh:  add to ~/.zshrc:   source <(tiphys completion zsh)
fish: tiphys completion fish > ~/.config/fish/completions/tiphys.fish`,
      );
    },
    run: (run) => printCompletion(run, entries),
  };
}

async function printCompletion(
  { io, arguments: [shell] }: CommandRun,
  entries: readonly CommandEntry[],
): Promise<number> {
  if (!shells.includes(shell as (typeof shells)[number])) {
    throw new UserError(`error: unknown shell "${shell}": use one of ${shells.join(", ")}`);
  }
  const completions: Completions[] = [];
  for (const entry of entries) {
    if (entry.name === "completion") completions.push({ name: entry.name, summary: entry.summary, options: [] });
    else completions.push(await completionsOf(entry));
  }
  const print = { bash: bashScript, zsh: zshScript, fish: fishScript }[shell as (typeof shells)[number]];
  io.stdout.write(print(completions));
  return 0;
}

async function completionsOf(entry: CommandEntry): Promise<Completions> {
  const command = new Command(entry.name);
  (await entry.load()).configure(command);
  const options = [...command.options, ...command.commands.flatMap((child) => child.options)]
    .filter((option) => option.long !== undefined && option.long !== null)
    .map((option) => ({
      long: option.long!,
      short: option.short,
      description: option.description,
      takesValue: option.required,
      words: option.argChoices ?? formats(option.description),
    }));
  return {
    name: entry.name,
    summary: entry.summary,
    options: [...new Map(options.map((option) => [option.long, option])).values()],
  };
}

/** The formats in the description of `-o`, which `addWorkspaceOptions` writes. */
function formats(description: string): string[] {
  return /^output format: ([a-z, ]+)/.exec(description)?.[1]?.trim().split(", ") ?? [];
}

function bashScript(commands: readonly Completions[]): string {
  const cases = commands.map(({ name, options }) => {
    const words = options.flatMap(({ long, short }) => (short === undefined ? [long] : [short, long])).join(" ");
    const values = options
      .filter(({ words: choices }) => choices.length > 0)
      .map(
        ({ long, short, words: choices }) =>
          `${name}:${long}${short === undefined ? "" : `|${name}:${short}`}) words="${choices.join(" ")}" ;;`,
      );
    return { words: `    ${name}) words="${name === "completion" ? shells.join(" ") : `${words} --help`}" ;;`, values };
  });
  return `# bash completion of tiphys: source <(tiphys completion bash)
_tiphys() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} help --help --version" -- "$current"))
    return
  fi
  case "$command:$previous" in
${cases.flatMap(({ values }) => values.map((value) => `    ${value}`)).join("\n")}
    *) if [[ "$current" == -* || "$command" == completion || "$command" == help ]]; then case "$command" in
    help) words="${commands.map(({ name }) => name).join(" ")}" ;;
${cases.map(({ words }) => words).join("\n")}
    esac; fi ;;
  esac
  [ -z "$words" ] || COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _tiphys tiphys
`;
}

function zshScript(commands: readonly Completions[]): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const cases = commands.map(({ name, options }) => {
    if (name === "completion") return `    completion) _values shell ${shells.join(" ")} ;;`;
    const specs = options.map(({ long, short, description, takesValue, words }) => {
      const text = description.replace(/[[\]:\\]/g, "\\$&");
      const value = !takesValue ? "" : words.length > 0 ? `:value:(${words.join(" ")})` : ":value:_files";
      const names = short === undefined ? quote(`*${long}`) : `'*'{${short},${long}}`;
      return `      ${names}${quote(`[${text}]${value}`)}`;
    });
    return `    ${name}) _arguments${["", ...specs, "      '*:file:_files'"].join(" \\\n")} ;;`;
  });
  return `#compdef tiphys
# zsh completion of tiphys: source <(tiphys completion zsh)
_tiphys() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary.replaceAll(":", "\\:")}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
    help) _describe command commands ;;
${cases.join("\n")}
  esac
}
(( $+functions[compdef] )) && compdef _tiphys tiphys
`;
}

function fishScript(commands: readonly Completions[]): string {
  const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const names = commands.map(({ name }) => name).join(" ");
  let text = "# fish completion of tiphys: tiphys completion fish > ~/.config/fish/completions/tiphys.fish\n";
  for (const { name, summary } of commands) {
    text += `complete -c tiphys -f -n "not __fish_seen_subcommand_from ${names}" -a ${name} -d ${quote(summary)}\n`;
  }
  for (const { name, options } of commands) {
    const condition = `-n "__fish_seen_subcommand_from ${name}"`;
    if (name === "completion") text += `complete -c tiphys -f ${condition} -a ${quote(shells.join(" "))}\n`;
    for (const { long, short, description, takesValue, words } of options) {
      const value = !takesValue ? "" : words.length > 0 ? ` -x -a ${quote(words.join(" "))}` : " -r";
      text += `complete -c tiphys ${condition} -l ${long.slice(2)}${short === undefined ? "" : ` -s ${short.slice(1)}`}${value} -d ${quote(description)}\n`;
    }
  }
  return text;
}
