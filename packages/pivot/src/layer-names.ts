/**
 * The layer that each state file is: `helmfiles/22-control-plane.yaml.gotmpl` and `22-control-plane/helmfile.yaml` are the layer
 * `22-control-plane`. Files that would share a name are called by as many of their folders as it takes to tell them apart:
 * `apps/wiki/child.yaml` is `wiki-child` beside `apps/chat/child.yaml`.
 */
export function layerNames(files: Iterable<string>): (file: string) => string {
  const names = new Map<string, string>();
  const nameAll = (group: readonly string[], folders: number): void => {
    for (const [name, sharing] of byName(group, folders)) {
      const canDiffer = sharing.length > 1 && sharing.some((file) => file.split("/").length > folders + 1);
      if (canDiffer) nameAll(sharing, folders + 1);
      else for (const file of sharing) names.set(file, name);
    }
  };
  nameAll([...new Set(files)], 0);
  return (file) => names.get(file) ?? nameWith(file, 0);
}

function byName(files: readonly string[], folders: number): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const name = nameWith(file, folders);
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  return groups;
}

/** A file called `helmfile` or `state` has its folder's name. */
function nameWith(file: string, folders: number): string {
  const parts = file
    .replace(/\.gotmpl$/, "")
    .replace(/\.ya?ml$/, "")
    .split("/");
  if (parts.length > 1 && /^(?:helmfile|state)$/.test(parts.at(-1)!)) parts.pop();
  return parts.slice(-1 - folders).join("-");
}
