/* pkg/policy/checker.go of helmfile 1.8.0: what the text of a state file must look like before it is parsed. */

const keyLine = /^[a-zA-Z]+:/;
const separatorLine = /^--- *$/;
const priority = new Map([
  ["bases", 0],
  ["environments", 0],
  ["releases", 1],
]);

/** helmfile's complaint about the order of top-level keys, with the line it is about; undefined when there is none. */
export function checkPolicy(
  file: string,
  content: string,
): { readonly message: string; readonly line?: number } | undefined {
  const lines = topLines(content);
  const keys = lines.filter((line) => line.key !== "---");
  if (keys.length === 0) return { message: `no top-level config keys are found in ${file}` };
  const ordered = keys.filter((line) => priority.has(line.key));
  for (let i = 1; i < ordered.length; i++) {
    const before = ordered[i - 1]!;
    const now = ordered[i]!;
    if (priority.get(before.key)! > priority.get(now.key)!) {
      return {
        message: `top-level config key ${now.key} must be defined before ${before.key} in ${file}`,
        line: now.line,
      };
    }
  }
  return environmentsWithReleases(lines);
}

interface TopLine {
  readonly key: string;
  readonly line: number;
}

function topLines(content: string): TopLine[] {
  const found: TopLine[] = [];
  content.split("\n").forEach((raw, index) => {
    const text = raw.trimEnd();
    if (separatorLine.test(text)) found.push({ key: "---", line: index + 1 });
    const key = keyLine.exec(text);
    if (key !== null) found.push({ key: key[0].slice(0, -1), line: index + 1 });
  });
  return found;
}

function environmentsWithReleases(lines: readonly TopLine[]): { message: string; line: number } | undefined {
  const seen = new Set<string>();
  const result: TopLine[] = [];
  for (const line of lines) {
    if (line.key !== "environments" && line.key !== "releases" && line.key !== "---") continue;
    if (seen.has(line.key)) continue;
    result.push(line);
    if (line.key !== "---") seen.add(line.key);
  }
  for (let i = 0; i + 1 < result.length; i++) {
    if (result[i]!.key !== "---" && result[i + 1]!.key !== "---") {
      return {
        message:
          "environments and releases cannot be defined within the same YAML part. Use --- to extract the environments into a dedicated part",
        line: result[i + 1]!.line,
      };
    }
  }
  return undefined;
}
