/** Build variables of a source and their replacement. Mirrors Argo CD v3.6.1 newEnv and Env.Envsubst, which is Go's os.Expand. */
export type BuildEnvironment = ReadonlyMap<string, string>;

export interface BuildEnvironmentInput {
  readonly applicationName: string;
  readonly namespace: string;
  readonly project: string;
  /** The commit, or the chart's version. */
  readonly revision: string;
  readonly repoURL: string;
  readonly path: string;
  readonly targetRevision: string;
}

export function buildEnvironment(input: BuildEnvironmentInput): BuildEnvironment {
  return new Map([
    ["ARGOCD_APP_NAME", input.applicationName],
    ["ARGOCD_APP_NAMESPACE", input.namespace],
    ["ARGOCD_APP_PROJECT_NAME", input.project],
    ["ARGOCD_APP_REVISION", input.revision],
    ["ARGOCD_APP_REVISION_SHORT", input.revision.slice(0, 7)],
    ["ARGOCD_APP_REVISION_SHORT_8", input.revision.slice(0, 8)],
    ["ARGOCD_APP_SOURCE_REPO_URL", input.repoURL],
    ["ARGOCD_APP_SOURCE_PATH", input.path],
    ["ARGOCD_APP_SOURCE_TARGET_REVISION", input.targetRevision],
  ]);
}

/** `$NAME`, `${NAME}`, one special character, or the broken forms `${}` and `${` that vanish. */
const variable = /\$(?:\{([*#$@!?\-0-9])\}|\{([^}]+)\}|\{\}|\{|([*#$@!?\-0-9])|([A-Za-z_][A-Za-z0-9_]*))/g;

/** Replaces variables; unknown ones become "", `$$` a dollar, and a dollar without a name stays. */
export function envsubst(text: string, environment: BuildEnvironment): string {
  return text.replace(variable, (_, bracedSpecial?: string, braced?: string, special?: string, name?: string) => {
    const found = bracedSpecial ?? braced ?? special ?? name;
    if (found === undefined) return "";
    return found === "$" ? "$" : (environment.get(found) ?? "");
  });
}
