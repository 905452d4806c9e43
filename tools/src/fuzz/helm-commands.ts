import { main, processIo, type Io } from "tiphys";
import { runHelm, surroundings, withoutAddresses } from "./helm-sides.ts";

/** What a command printed and its exit code. Byte strings. */
export interface Output {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The helm binary on PATH; status -1 when it did not end. */
export function runHelmCommand(words: readonly string[], cwd: string): Output {
  const { status, stdout, stderr } = runHelm(words, cwd);
  return { status: status ?? -1, stdout: stdout.toString("latin1"), stderr: stderr.toString("latin1") };
}

/** The same words as `tiphys` takes them, in this process. */
export async function runOurCommand(words: readonly string[], cwd: string): Promise<Output> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const sink = (chunks: Buffer[]): Io["stdout"] => ({
    isTTY: false,
    write: (data) => void chunks.push(Buffer.from(data)),
  });
  const { withDeepStack: _, ...base } = processIo();
  const status = await main(words, {
    ...base,
    cwd,
    environment: surroundings(cwd),
    stdout: sink(out),
    stderr: sink(err),
  });
  return { status, stdout: Buffer.concat(out).toString("latin1"), stderr: Buffer.concat(err).toString("latin1") };
}

/** Helm ranges Go maps where it warns and where it validates, so the order of its lines on stderr is random. */
export function shown({ status, stdout, stderr }: Output): string {
  const lines = stderr
    // So is that of the properties that a schema does not allow.
    .replace(
      /additional properties (.*) not allowed/g,
      (_, names: string) => `additional properties ${names.split(", ").sort().join(", ")} not allowed`,
    )
    .replace(/chart dependencies processing failed: type mismatch on .*|error="type mismatch on .*"/g, "type mismatch")
    .split("\n")
    // Subcharts are loaded in random order, and what is said of them before an error ends it all depends on that.
    .filter(
      (line) =>
        !(
          stderr.includes("Error: chart dependencies processing failed: type mismatch") && line.startsWith("level=INFO")
        ),
    )
    // What Helm says about its caches and clients with --debug is not followed.
    .filter((line) => !line.startsWith("level=DEBUG"))
    .sort()
    .join("\n");
  // With --debug the files that are no YAML come in random order, too.
  const shownOut = stderr.includes("YAML parse error")
    ? stdout
        .trim()
        .split(/^---$/m)
        .map((document) => document.trim())
        .sort()
        .join("\n---\n")
    : stdout;
  return withoutAddresses(`${shownOut}\n== stderr\n${lines}\n== ${status}`);
}

/** What differs first, with a little around it. */
export function firstDifference(helm: string, ours: string): Texts {
  let at = 0;
  while (helm[at] === ours[at]) at++;
  const start = Math.max(0, at - 80);
  return { helm: helm.slice(start, at + 500), ours: ours.slice(start, at + 500) };
}

/** What both sides print. */
export interface Texts {
  readonly helm: string;
  readonly ours: string;
}

/**
 * Where our text differs from helm's in more than what two runs of helm do not share. `again` runs helm once more.
 * Lines that change from run to run are not compared; `chance` when not even their number stays.
 */
export function differenceBeyondChance({ helm, ours }: Texts, again: () => string): Texts | "chance" | undefined {
  if (helm === ours) return undefined;
  const runs = [helm];
  for (let run = 0; run < 3; run++) {
    const text = again();
    if (text === ours) return undefined;
    runs.push(text);
  }
  const lines = runs.map((text) => text.split("\n"));
  const [first = []] = lines;
  if (lines.some(({ length }) => length !== first.length)) return "chance";
  const ourLines = ours.split("\n");
  // Nothing says which lines are which when ours are more or fewer.
  const isSteady = (line: string, index: number): boolean =>
    ourLines.length !== first.length || lines.every((run) => run[index] === line);
  const steady = first.map((line, index) => (isSteady(line, index) ? line : ""));
  const oursSteady = ourLines.map((line, index) => (isSteady(first[index] ?? "", index) ? line : ""));
  const texts = { helm: steady.join("\n"), ours: oursSteady.join("\n") };
  return texts.helm === texts.ours ? undefined : firstDifference(texts.helm, texts.ours);
}
