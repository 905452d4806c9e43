import type { ReleaseSpec } from "../spec/release-spec.ts";
import type { RepositorySpec } from "../spec/helm-state.ts";
import { baseOf, extensionOf } from "../files/filepath.ts";
import type { Pointer } from "../spec/schema.ts";
import type { HelmState } from "../state/helm-state.ts";
import { collectArguments } from "./arguments.ts";
import { setArguments } from "./set-flags.ts";
import type { SetArgument } from "./set-flags.ts";
import { releaseTemplateData } from "./template-data.ts";
import { valuesFilesOf } from "./values-files.ts";
import type { ValuesFile } from "./values-files.ts";

/* pkg/state/state.go and pkg/state/helmx.go of helmfile 1.8.0, for Helm 4. */

/** Options of `helmfile template` that reach `helm template`. */
export interface TemplateOptions {
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly args: string;
  readonly outputDir: string;
  readonly outputDirTemplate: string;
  readonly validate: boolean;
  readonly includeCrds: boolean;
  readonly noHooks: boolean;
  readonly skipTests: boolean;
  readonly postRenderer: string;
  readonly postRendererArgs: readonly string[];
  readonly kubeVersion: string;
  readonly showOnly: readonly string[];
  readonly skipSchemaValidation: boolean;
  readonly templateArgs: string;
}

/** What a release gives to one helm call. */
export interface ReleaseFlags {
  readonly flags: readonly string[];
  readonly valuesFiles: readonly ValuesFile[];
  readonly sets: readonly SetArgument[];
}

export function repositoryOf(state: HelmState, chart: string): RepositorySpec | undefined {
  const slash = chart.indexOf("/");
  if (slash < 0) return undefined;
  return (state.spec.repositories ?? []).find((repository) => repository.name === chart.slice(0, slash));
}

/** `release`'s flag, else the default's. */
export function flagOr(own: Pointer<boolean> | undefined, fallback: boolean | Pointer<boolean> | undefined): boolean {
  if (own !== undefined) return own.value;
  return typeof fallback === "boolean" ? fallback : (fallback?.value ?? false);
}

/** `helm template` flags of a release, without what the command line adds behind them. Throws `HelmfileError`. */
export function templateFlags(state: HelmState, release: ReleaseSpec, options: TemplateOptions): ReleaseFlags {
  const flags = [
    ...chartVersionFlags(state, release),
    ...(release.adopt ?? []).flatMap((each) => ["--adopt", each]),
    ...(flagOr(release.enableDNS, state.spec.helmDefaults.enableDNS) ? ["--enable-dns"] : []),
    ...postRendererFlags(state, release, options.postRenderer),
    ...postRendererArgsFlags(state, release, options.postRendererArgs),
    ...apiVersionsOf(state, release).flatMap((each) => ["--api-versions", each]),
    ...optional("--kube-version", kubeVersionOf(state, release, options.kubeVersion)),
    ...chartDownloadFlags(state, release),
    ...options.showOnly.filter((each) => each !== "").flatMap((each) => ["--show-only", each]),
    ...(skipsSchemaValidation(state, release, options.skipSchemaValidation) ? ["--skip-schema-validation"] : []),
    ...optional("--kube-context", kubeContextOf(state, release)),
    ...collectArguments(effectiveTemplateArgs(state, options.templateArgs)),
  ];
  return withValues(state, release, flags);
}

/** Adds namespace, values files and `--set…`. */
export function withValues(state: HelmState, release: ReleaseSpec, flags: readonly string[]): ReleaseFlags {
  const valuesFiles = valuesFilesOf(state, release);
  const sets = setArguments(state, release);
  return {
    flags: [
      ...flags,
      ...optional("--namespace", release.namespace),
      ...valuesFiles.flatMap((file) => ["--values", file.path]),
      ...sets.flatMap((set) => [set.flag, set.expression]),
    ],
    valuesFiles,
    sets,
  };
}

export function optional(flag: string, value: string): string[] {
  return value === "" ? [] : [flag, value];
}

export function chartVersionFlags(state: HelmState, release: ReleaseSpec): string[] {
  const version = release.version.split("@")[0]!;
  return [...optional("--version", version), ...(isDevelopment(state, release) ? ["--devel"] : [])];
}

export function isDevelopment(state: HelmState, release: ReleaseSpec): boolean {
  return flagOr(release.devel, state.spec.helmDefaults.devel);
}

export function postRendererFlags(state: HelmState, release: ReleaseSpec, fromCommandLine: string): string[] {
  const own = release.postRenderer?.value ?? "";
  const fallback = state.spec.helmDefaults.postRenderer?.value ?? "";
  let renderer = own !== "" ? own : fromCommandLine !== "" ? fromCommandLine : fallback;
  // Helm 4 wants the name of a plugin where Helm 3 took a script.
  if (renderer.endsWith(".bash") || renderer.endsWith(".sh")) {
    const base = baseOf(renderer);
    renderer = base.slice(0, base.length - extensionOf(base).length);
  }
  return optional("--post-renderer", renderer);
}

export function postRendererArgsFlags(
  state: HelmState,
  release: ReleaseSpec,
  fromCommandLine: readonly string[],
): string[] {
  const defaults = state.spec.helmDefaults.postRendererArgs ?? [];
  let args: readonly string[] = release.postRendererArgs ?? [];
  if (args.length === 0) args = fromCommandLine;
  if (args.length === 0) {
    const renderer = state.session.renderer(state.basePath);
    args = defaults.map((arg) => renderer.render(arg, releaseTemplateData(state, release)));
  }
  return args.filter((arg) => arg !== "").map((arg) => `--post-renderer-args=${arg}`);
}

export function apiVersionsOf(state: HelmState, release: ReleaseSpec): readonly string[] {
  return (release.apiVersions ?? []).length > 0 ? release.apiVersions! : (state.spec.apiVersions ?? []);
}

export function kubeVersionOf(state: HelmState, release: ReleaseSpec, fromCommandLine: string): string {
  return [fromCommandLine, release.kubeVersion, state.spec.kubeVersion].find((version) => version !== "") ?? "";
}

/** release > environment > helmDefaults. */
export function kubeContextOf(state: HelmState, release: ReleaseSpec): string {
  const environment = state.spec.environments?.get(state.env.name)?.kubeContext ?? "";
  return (
    [release.kubeContext, environment, state.spec.helmDefaults.kubeContext].find((context) => context !== "") ?? ""
  );
}

export function chartDownloadFlags(state: HelmState, release: ReleaseSpec): string[] {
  const repository = repositoryOf(state, release.chart);
  const { helmDefaults } = state.spec;
  if (release.plainHttp || helmDefaults.plainHttp || repository?.plainHttp === true) return ["--plain-http"];
  const insecure =
    release.insecureSkipTLSVerify || helmDefaults.insecureSkipTLSVerify || repository?.skipTLSVerify === true;
  return insecure ? ["--insecure-skip-tls-verify"] : [];
}

export function skipsSchemaValidation(state: HelmState, release: ReleaseSpec, fromCommandLine: boolean): boolean {
  return (
    release.skipSchemaValidation?.value === true ||
    fromCommandLine ||
    state.spec.helmDefaults.skipSchemaValidation?.value === true
  );
}

export function effectiveTemplateArgs(state: HelmState, fromCommandLine: string): string {
  return fromCommandLine !== "" ? fromCommandLine : (state.spec.helmDefaults.templateArgs ?? []).join(" ");
}
