import { byteStringToBytes, bytesToByteString } from "@tiphys/gotemplate";
import type { FileTree } from "@tiphys/source";

/** One file that a freeze changes, with its new content. */
export interface FrozenFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly executable: boolean;
  /** What is done, for the plan: `banner`, `policy`, `script`. */
  readonly change: "banner" | "policy" | "script";
}

export interface FreezeInput {
  readonly tree: FileTree;
  /** Every helmfile and layer that is to be render-only. */
  readonly helmfiles: readonly string[];
  /** Root helmfile. */
  readonly root: string;
}

/** The first line of a frozen helmfile begins with this. */
export const bannerMark = "# RENDER-ONLY";

const banner = `${bannerMark}: Argo CD applies what this file describes. Render it (scripts/render-helmfile.sh); never sync, apply or destroy it.`;

const policyStart = "<!-- tiphys:policy -->";
const policyEnd = "<!-- /tiphys:policy -->";

const policy = `${policyStart}
## Helmfile is render-only

Argo CD owns what runs. The helmfiles in this repository are kept to render and compare; they are never applied.

- Change a value in \`sources/values/\`, a chart version in \`component.yaml\`, commit, and let Argo CD sync.
- Look at what a helmfile describes with \`scripts/render-helmfile.sh LAYER [ENV]\`.
- Never run \`helmfile sync\`, \`apply\`, \`destroy\`, \`delete\`, \`test\` or \`charts\`; \`tiphys guard\` fails the build where a script does.
${policyEnd}
`;

const policyFiles = ["README.md", "CLAUDE.md", "AGENTS.md", "CONTRIBUTING.md"];

/** What freezing the helmfiles changes: nothing when all is frozen already. Comments and layout stay as they are. */
export function planFreeze(input: FreezeInput): FrozenFile[] {
  const files: FrozenFile[] = [];
  for (const path of input.helmfiles) {
    const text = readText(input.tree, path);
    if (text === undefined || isFrozen(text)) continue;
    files.push(frozen(path, withBanner(text), "banner"));
  }
  for (const path of policyFiles) {
    const text = readText(input.tree, path);
    if (text === undefined) continue;
    const updated = withPolicy(text);
    if (updated !== text) files.push(frozen(path, updated, "policy"));
  }
  for (const [path, content] of [
    ["scripts/render-helmfile.sh", renderScript(input.root)],
    ["scripts/helmfile", wrapperScript],
  ] as const) {
    if (readText(input.tree, path) !== content) files.push({ ...frozen(path, content, "script"), executable: true });
  }
  return files;
}

/** Whether a helmfile carries the banner in its leading comments. */
export function isFrozen(text: string): boolean {
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith(bannerMark)) return true;
    if (!/^\s*(?:#|$)/.test(line)) return false;
  }
  return false;
}

/** The banner goes first; a byte order mark stays before it, the file's line ends are kept. */
function withBanner(text: string): string {
  const mark = text.startsWith("\u00ef\u00bb\u00bf") ? "\u00ef\u00bb\u00bf" : "";
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  return `${mark}${banner}${lineEnd}${text.slice(mark.length)}`;
}

function withPolicy(text: string): string {
  const start = text.indexOf(policyStart);
  const end = text.indexOf(policyEnd);
  if (start >= 0 && end > start)
    return `${text.slice(0, start)}${policy.trimEnd()}${text.slice(end + policyEnd.length)}`;
  return `${text.replace(/\n*$/, "\n")}\n${policy}`;
}

function renderScript(root: string): string {
  return `#!/usr/bin/env bash
# Renders one layer of the frozen helmfiles: scripts/render-helmfile.sh LAYER [ENV]. Template only, nothing is applied.
set -euo pipefail
cd "$(dirname "$0")/.."
layer="\${1:?usage: scripts/render-helmfile.sh LAYER [ENV]}"
environment="\${2:-default}"
if command -v tiphys >/dev/null; then
  exec tiphys render --helmfile --layer "$layer" -e "$environment"
fi
file="$(find "$(dirname ${shellWord(root)})" \\( -path "*/$layer.yaml*" -o -path "*/$layer/helmfile.yaml*" \\) -print -quit)"
[ -n "$file" ] || { echo "no layer $layer below $(dirname ${shellWord(root)})" >&2; exit 2; }
exec helmfile -f "$file" -e "$environment" template
`;
}

const wrapperScript = `#!/usr/bin/env bash
# Stands before helmfile on PATH and lets only reading commands through.
set -euo pipefail
for word in "$@"; do
  case "$word" in
    sync|apply|destroy|delete|test|charts)
      echo "helmfile $word is refused: Argo CD owns what runs. Render with scripts/render-helmfile.sh LAYER [ENV]," >&2
      echo "or change values and component.yaml, commit, and let Argo CD sync." >&2
      exit 2
      ;;
  esac
done
self="$(cd "$(dirname "$0")" && pwd)"
PATH="$(printf '%s' "$PATH" | tr ':' '\\n' | grep -vxF "$self" | paste -sd: -)"
exec helmfile "$@"
`;

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Byte strings throughout: what is not UTF-8 passes unchanged. */
function readText(tree: FileTree, path: string): string | undefined {
  const bytes = tree.read(path);
  return bytes === undefined ? undefined : bytesToByteString(bytes);
}

function frozen(path: string, text: string, change: FrozenFile["change"]): FrozenFile {
  return { path, content: byteStringToBytes(text), executable: false, change };
}
