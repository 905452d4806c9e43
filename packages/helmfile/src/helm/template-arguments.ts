import { HelmError } from "@tiphys/helm";
import { HelmfileError } from "../state/error.ts";

/** What the arguments of `helm template` say, as far as they matter for rendering. Byte strings. */
export interface TemplateArguments {
  readonly releaseName: string;
  readonly chart: string;
  readonly namespace: string;
  readonly valuesFiles: readonly string[];
  readonly sets: readonly {
    readonly kind: "set" | "set-string" | "set-json" | "set-file" | "set-literal";
    readonly expression: string;
  }[];
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly includeCrds: boolean;
  readonly skipTests: boolean;
  readonly noHooks: boolean;
  readonly isUpgrade: boolean;
  readonly skipSchemaValidation: boolean;
  readonly outputDir: string;
  readonly showOnly: readonly string[];
  readonly postRenderer: string;
  readonly version: string;
}

/** Flags with a value that change nothing about the manifests. */
const ignoredWithValue = new Set([
  "--kube-context",
  "--kubeconfig",
  "--post-renderer-args",
  "--timeout",
  "--keyring",
  "--ca-file",
  "--cert-file",
  "--key-file",
  "--username",
  "--password",
  "--repo",
  "--description",
  "--labels",
  "-l",
  "--repository-config",
  "--repository-cache",
  "--registry-config",
  "--content-cache",
  "--kube-apiserver",
  "--kube-as-group",
  "--kube-as-user",
  "--kube-ca-file",
  "--kube-tls-server-name",
  "--kube-token",
  "--burst-limit",
  "--qps",
  "--color",
  "--colour",
]);

/** Flags without a value that change nothing about the manifests. */
const ignored = new Set([
  "--devel",
  "--debug",
  "--dry-run",
  "--plain-http",
  "--insecure-skip-tls-verify",
  "--wait",
  "--atomic",
  "--verify",
  "--pass-credentials",
  "--skip-crds",
  "--create-namespace",
  "--dependency-update",
  "--disable-openapi-validation",
  "--force",
  "--hide-notes",
  "--enable-dns",
  "--force-conflicts",
  "--force-replace",
  "--kube-insecure-skip-tls-verify",
  "--replace",
  "--rollback-on-failure",
  "--server-side",
  "--take-ownership",
  "--wait-for-jobs",
]);

/** Flags that Helm has and that are not read here. */
const unread = new Set(["--generate-name", "-g", "--help", "-h", "--name-template", "--release-name", "--validate"]);

const setKinds = new Map<string, TemplateArguments["sets"][number]["kind"]>([
  ["--set", "set"],
  ["--set-string", "set-string"],
  ["--set-json", "set-json"],
  ["--set-file", "set-file"],
  ["--set-literal", "set-literal"],
]);

/**
 * Reads `template NAME CHART flags…`. Throws `HelmError` for flags that Helm does not have, and `HelmfileError` "unsupported: …" for those
 * that are not read here.
 */
export function parseTemplateArguments(args: readonly string[]): TemplateArguments {
  const positional: string[] = [];
  const values = new Map<string, string[]>();
  const switches = new Set<string>();
  const sets: TemplateArguments["sets"][number][] = [];
  const valued = new Set([
    "--values",
    "-f",
    "--namespace",
    "-n",
    "--kube-version",
    "--api-versions",
    "-a",
    "--output-dir",
    "--show-only",
    "-s",
    "--post-renderer",
    "--version",
  ]);
  const on = new Set(["--include-crds", "--skip-tests", "--no-hooks", "--is-upgrade", "--skip-schema-validation"]);
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (!word.startsWith("-") || word === "-") {
      positional.push(word);
      continue;
    }
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const value = (): string => (equals < 0 ? (args[++i] ?? "") : word.slice(equals + 1));
    const kind = setKinds.get(name);
    if (kind !== undefined) sets.push({ kind, expression: value() });
    else if (valued.has(name)) values.set(name, [...(values.get(name) ?? []), value()]);
    else if (on.has(name)) switches.add(equals < 0 || word.endsWith("=true") ? name : "");
    else if (ignoredWithValue.has(name)) value();
    else if (ignored.has(name)) continue;
    else if (!unread.has(name)) throw new HelmError("helm-flag-unsupported", unknownFlag(name));
    else throw new HelmfileError(`unsupported: helm template ${name}`, { code: "helm-flag-unsupported" });
  }
  const [, releaseName = "", chart = "", ...others] = positional;
  if (others.length > 0)
    throw new HelmError(
      "helm-flag-unsupported",
      `expected at most two arguments, unexpected arguments: ${others.join(", ")}`,
    );
  const all = (...names: string[]): string[] => names.flatMap((name) => values.get(name) ?? []);
  return {
    releaseName,
    chart,
    namespace: all("--namespace", "-n").at(-1) ?? "",
    valuesFiles: all("--values", "-f"),
    sets,
    kubeVersion: all("--kube-version").at(-1) ?? "",
    apiVersions: all("--api-versions", "-a").flatMap((each) => each.split(",")),
    includeCrds: switches.has("--include-crds"),
    skipTests: switches.has("--skip-tests"),
    noHooks: switches.has("--no-hooks"),
    isUpgrade: switches.has("--is-upgrade"),
    skipSchemaValidation: switches.has("--skip-schema-validation"),
    outputDir: all("--output-dir").at(-1) ?? "",
    showOnly: all("--show-only", "-s"),
    postRenderer: all("--post-renderer").at(-1) ?? "",
    version: all("--version").at(-1) ?? "",
  };
}

/** What Helm's command line says of a flag it does not have. */
function unknownFlag(name: string): string {
  return name.startsWith("--") ? `unknown flag: ${name}` : `unknown shorthand flag: '${name[1]}' in ${name}`;
}
