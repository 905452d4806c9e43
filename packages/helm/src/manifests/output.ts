import { pathMatch } from "@tiphys/source";
import { HelmError } from "../error.ts";
import type { Profile } from "../profile.ts";
import type { RenderedDocument } from "../render-chart.ts";
import { splitManifests, trimSpace } from "./split.ts";

/** What `helm template` prints: the manifests trimmed as a whole, then the hooks as they are. */
export function printManifests(documents: readonly RenderedDocument[], hooks: readonly RenderedDocument[]): string {
  let manifests = "";
  for (const document of documents) manifests += printDocument(document);
  return printBeforeHooks(manifests, hooks);
}

/** What is printed when the manifests are a text already. */
export function printBeforeHooks(manifests: string, hooks: readonly RenderedDocument[]): string {
  let printed = `${trimSpace(manifests)}\n`;
  for (const hook of hooks) printed += printDocument(hook);
  return printed;
}

/** A document with its separator and `# Source:`. */
export function printDocument(document: RenderedDocument): string {
  return `---\n# Source: ${document.path}\n${document.content}\n`;
}

/** `--show-only` (pkg/cmd/template.go): the documents whose path in the chart matches. Throws `HelmError`. */
export function showOnly(printed: string, patterns: readonly string[], profile: Profile): string {
  const manifests = splitManifests(printed, profile).map((text) => ({
    text,
    path: /# Source: [^/\n]+\/(.+)/.exec(text)?.[1],
  }));
  let shown = "";
  for (const pattern of patterns) {
    let missing = true;
    for (const { text, path } of manifests) {
      if (path === undefined || !matches(pattern, path)) continue;
      shown += `---\n${text}\n`;
      missing = false;
    }
    if (missing) throw new HelmError("template-missing", `could not find template ${pattern} in chart`);
  }
  return shown;
}

function matches(pattern: string, path: string): boolean {
  try {
    return pathMatch(pattern, path);
  } catch {
    return false;
  }
}
