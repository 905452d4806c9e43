/** One command line found in a script or configuration file. */
export interface FoundCommand {
  /** `helmfile`, `helm` or `kubectl`. */
  readonly program: "helmfile" | "helm" | "kubectl";
  /** The verb after the program and its global flags: `sync`, `upgrade`, `apply`. */
  readonly verb: string;
  /** Words after the verb, up to the end of the command. */
  readonly words: readonly string[];
  /** 1-based; of the program's name. */
  readonly line: number;
  readonly column: number;
  /** 1-based; of the verb, which may stand on a later line. */
  readonly verbLine: number;
  readonly verbColumn: number;
}

/** Global flags that take a value as the next word. */
const flagsWithValue: ReadonlyMap<FoundCommand["program"], ReadonlySet<string>> = new Map([
  [
    "helmfile",
    new Set([
      "-f",
      "--file",
      "-e",
      "--environment",
      "-l",
      "--selector",
      "-n",
      "--namespace",
      "-c",
      "--chart",
      "-b",
      "--helm-binary",
      "-k",
      "--kustomize-binary",
      "--kube-context",
      "--log-level",
      "--state-values-set",
      "--state-values-set-string",
      "--state-values-file",
      "--args",
    ]),
  ],
  [
    "helm",
    new Set(["-n", "--namespace", "--kube-context", "--kubeconfig", "--registry-config", "--repository-config"]),
  ],
  ["kubectl", new Set(["-n", "--namespace", "--context", "--kubeconfig", "--cluster", "--user"])],
]);

/** How people spell the program: a path, a make or shell variable, or the bare word. */
const programWord = /^(?:@|-)?(?:\S*\/)?\$?[({]?(helmfile|helm|kubectl)(?:_BIN|_BINARY|_CMD)?[)}]?$/i;

interface Word {
  readonly text: string;
  readonly column: number;
}

/**
 * Every call of helmfile, helm and kubectl in a file, whatever its language: lines are cut into words at blanks, quotes, commas, brackets;
 * a trailing backslash joins lines; text after a comment sign at the start of a word does not count.
 */
export function findCommands(text: string): FoundCommand[] {
  const commands: FoundCommand[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const start = index;
    let line = lines[index]!;
    const places: number[] = [0];
    while (line.endsWith("\\") && index + 1 < lines.length) {
      places.push(line.length);
      line = `${line.slice(0, -1)} ${lines[++index]!}`;
    }
    for (const command of commandsOfLine(line)) {
      const program = placeIn(places, command.column);
      const verb = placeIn(places, command.verbColumn);
      commands.push({
        ...command,
        line: start + program.line,
        column: program.column,
        verbLine: start + verb.line,
        verbColumn: verb.column,
      });
    }
  }
  return commands;
}

/** A column of a joined line as line (1 is the first joined) and column. `places` are the offsets at which the joined lines begin. */
function placeIn(places: readonly number[], column: number): { line: number; column: number } {
  const index = places.findLastIndex((place) => place <= column - 1);
  return { line: index + 1, column: column - places[index]! };
}

function commandsOfLine(line: string): Omit<FoundCommand, "line" | "verbLine">[] {
  const found: Omit<FoundCommand, "line" | "verbLine">[] = [];
  for (const words of simpleCommands(line)) {
    for (let index = 0; index < words.length; index++) {
      const program = programWord.exec(words[index]!.text)?.[1]?.toLowerCase() as FoundCommand["program"] | undefined;
      if (program === undefined) continue;
      const verbIndex = skipFlags(words, index + 1, flagsWithValue.get(program)!);
      const verb = words[verbIndex];
      if (verb === undefined) continue;
      const rest = words.slice(verbIndex + 1).map((word) => word.text);
      found.push({ program, verb: verb.text, words: rest, column: words[index]!.column, verbColumn: verb.column });
      break;
    }
  }
  return found;
}

function skipFlags(words: readonly Word[], from: number, withValue: ReadonlySet<string>): number {
  let index = from;
  while (index < words.length && words[index]!.text.startsWith("-")) {
    index += withValue.has(words[index]!.text) ? 2 : 1;
  }
  return index;
}

/** Words of each simple command: `a && b | c; d` are four. Comments end the line. */
function simpleCommands(line: string): Word[][] {
  const commands: Word[][] = [[]];
  const pattern = /\$\([A-Z_]+\)|&&|\|\||[;|&]|\$\(|[()`]|#|[^\s"'`,;|&()[\]#]+(?:\([A-Z_]+\))?|[\s"',[\]]+/g;
  for (const match of line.matchAll(pattern)) {
    const text = match[0];
    if (text === "#") {
      const before = line[match.index - 1];
      if (before === undefined || /\s/.test(before)) break;
      continue;
    }
    if (/^(?:&&|\|\||[;|&()`]|\$\()$/.test(text)) commands.push([]);
    else if (!/^[\s"',[\]]/.test(text)) commands.at(-1)!.push({ text, column: match.index + 1 });
  }
  return commands.filter((words) => words.length > 0);
}
