import type { Flag } from "./flag-reader.ts";

/* The flags of `helm template` and `helm dependency` (Helm 4.3.1). */

const noEffectHere = "this flag has no effect for 'helm template' and will be removed in Helm 5";

/** The flags of `helm template` but for the global ones, in the order of its help. */
const localTemplateFlags: readonly Flag[] = [
  {
    name: "api-versions",
    shorthand: "a",
    kind: "slice",
    help: "Kubernetes api versions used for Capabilities.APIVersions (multiple can be specified)",
  },
  { name: "atomic", kind: "bool", help: "deprecated", deprecated: "use --rollback-on-failure instead" },
  { name: "ca-file", kind: "string", help: "verify certificates of HTTPS-enabled servers using this CA bundle" },
  { name: "cert-file", kind: "string", help: "identify HTTPS client using this SSL certificate file" },
  { name: "create-namespace", kind: "bool", help: "create the release namespace if not present" },
  {
    name: "dependency-update",
    kind: "bool",
    help: "update dependencies if they are missing before installing the chart",
  },
  { name: "description", kind: "string", help: "add a custom description" },
  {
    name: "devel",
    kind: "bool",
    help: "use development versions, too. Equivalent to version '>0.0.0-0'. If --version is set, this is ignored",
  },
  { name: "disable-openapi-validation", kind: "bool", help: "no effect: nothing is validated against a cluster" },
  { name: "dry-run", kind: "string", alone: "unset", help: 'must be "client" (the default); a cluster is never asked' },
  {
    name: "enable-dns",
    kind: "bool",
    help: "refused: rendering never looks names up",
    refused: "rendering never looks names up",
  },
  { name: "force", kind: "bool", help: "deprecated", deprecated: "use --force-replace instead" },
  { name: "force-conflicts", kind: "bool", help: "no effect" },
  { name: "force-replace", kind: "bool", help: "no effect" },
  { name: "generate-name", shorthand: "g", kind: "bool", help: "generate the name (and omit the NAME parameter)" },
  { name: "hide-notes", kind: "bool", help: "deprecated", deprecated: noEffectHere },
  { name: "include-crds", kind: "bool", help: "include CRDs in the templated output" },
  { name: "insecure-skip-tls-verify", kind: "bool", help: "skip tls certificate checks for the chart download" },
  { name: "is-upgrade", kind: "bool", help: "set .Release.IsUpgrade instead of .Release.IsInstall" },
  { name: "key-file", kind: "string", help: "identify HTTPS client using this SSL key file" },
  { name: "keyring", kind: "string", help: "location of public keys used for verification" },
  { name: "kube-version", kind: "string", help: "Kubernetes version used for Capabilities.KubeVersion" },
  { name: "labels", shorthand: "l", kind: "pairs", help: "labels that would be added to release metadata" },
  { name: "name-template", kind: "string", help: "specify template used to name the release" },
  { name: "no-hooks", kind: "bool", help: "prevent hooks from running during install" },
  {
    name: "output-dir",
    kind: "string",
    help: "writes the executed templates to files in output-dir instead of stdout",
  },
  { name: "pass-credentials", kind: "bool", help: "pass credentials to all domains" },
  { name: "password", kind: "string", help: "chart repository password where to locate the requested chart" },
  { name: "plain-http", kind: "bool", help: "use insecure HTTP connections for the chart download" },
  {
    name: "post-renderer",
    kind: "post-renderer",
    help: "the name of a plugin of type postrenderer/v1 (Helm 3: a program) that gets the manifests; only with --allow-exec",
  },
  { name: "post-renderer-args", kind: "array", help: "an argument to the post-renderer (can specify multiple)" },
  { name: "release-name", kind: "bool", help: "use release name in the output-dir path" },
  { name: "render-subchart-notes", kind: "bool", help: "deprecated", deprecated: noEffectHere },
  { name: "replace", kind: "bool", help: "no effect" },
  { name: "repo", kind: "string", help: "chart repository url where to locate the requested chart" },
  { name: "rollback-on-failure", kind: "bool", help: "no effect" },
  { name: "server-side", kind: "bool", help: "no effect" },
  { name: "set", kind: "array", help: "set values on the command line (key1=val1,key2=val2)" },
  { name: "set-file", kind: "array", help: "set values from respective files (key1=path1,key2=path2)" },
  { name: "set-json", kind: "array", help: 'set JSON values (key1=jsonval1,key2=jsonval2 or {"key1": jsonval1})' },
  { name: "set-literal", kind: "array", help: "set a literal STRING value on the command line" },
  { name: "set-string", kind: "array", help: "set STRING values on the command line (key1=val1,key2=val2)" },
  { name: "show-only", shorthand: "s", kind: "array", help: "only show manifests rendered from the given templates" },
  { name: "skip-crds", kind: "bool", help: "no effect: CRDs are printed only with --include-crds" },
  { name: "skip-schema-validation", kind: "bool", help: "disables JSON schema validation" },
  { name: "skip-tests", kind: "bool", help: "skip tests from templated output" },
  { name: "take-ownership", kind: "bool", help: "no effect" },
  { name: "timeout", kind: "duration", help: "no effect" },
  { name: "username", kind: "string", help: "chart repository username where to locate the requested chart" },
  {
    name: "validate",
    kind: "bool",
    help: "deprecated",
    deprecated: "use '--dry-run=server' instead",
    refused: "a cluster is never asked",
  },
  {
    name: "values",
    shorthand: "f",
    kind: "slice",
    help: "specify values in a YAML file (can specify multiple); - reads standard input",
  },
  { name: "verify", kind: "bool", help: "refused for archives: provenance files are not checked" },
  { name: "version", kind: "string", help: "a version or range for a chart from a repository" },
  { name: "wait", kind: "wait", alone: "watcher", help: "no effect" },
  { name: "wait-for-jobs", kind: "bool", help: "no effect" },
];

/** Flags that every command of Helm has, in the order of its help. */
export const globalFlags: readonly Flag[] = [
  { name: "burst-limit", kind: "int", help: "no effect" },
  { name: "color", kind: "string", help: "no effect" },
  { name: "colour", kind: "string", target: "color", help: "no effect" },
  { name: "content-cache", kind: "string", help: "no effect" },
  { name: "debug", kind: "bool", help: "print invalid YAML too" },
  { name: "kube-apiserver", kind: "string", help: "no effect" },
  { name: "kube-as-group", kind: "array", help: "no effect" },
  { name: "kube-as-user", kind: "string", help: "no effect" },
  { name: "kube-ca-file", kind: "string", help: "no effect" },
  { name: "kube-context", kind: "string", help: "no effect" },
  { name: "kube-insecure-skip-tls-verify", kind: "bool", help: "no effect" },
  { name: "kube-tls-server-name", kind: "string", help: "no effect" },
  { name: "kube-token", kind: "string", help: "no effect" },
  { name: "kubeconfig", kind: "string", help: "no effect" },
  { name: "namespace", shorthand: "n", kind: "string", help: "namespace scope for this request" },
  { name: "qps", kind: "float32", help: "no effect" },
  { name: "registry-config", kind: "string", help: "no effect" },
  { name: "repository-cache", kind: "string", help: "no effect" },
  { name: "repository-config", kind: "string", help: "no effect" },
  ...klogFlags(),
];

/** klog's flags, which Helm takes and does not show. */
function klogFlags(): Flag[] {
  const switches = [
    "add-dir-header",
    "alsologtostderr",
    "legacy-stderr-threshold-behavior",
    "logtostderr",
    "one-output",
    "skip-headers",
    "skip-log-headers",
  ];
  return [
    ...switches.map((name): Flag => ({ name, kind: "klog-bool" })),
    { name: "log-backtrace-at", kind: "klog-location" },
    { name: "log-dir", kind: "string" },
    { name: "log-file", kind: "string" },
    { name: "log-file-max-size", kind: "klog-uint" },
    { name: "stderrthreshold", kind: "klog-severity" },
    { name: "v", shorthand: "v", kind: "klog-level" },
    { name: "vmodule", kind: "klog-modules" },
  ];
}

/** Every flag of `helm template`, in the order of its help. */
export const helmTemplateFlags: readonly Flag[] = [...localTemplateFlags, ...globalFlags];

/** Flags of our own, which helm does not have. */
export const ownTemplateFlags: readonly Flag[] = [
  { name: "engine", kind: "string", help: "`tiphys` (the default) or `helm`, which runs the binary on PATH" },
  {
    name: "helm-version",
    kind: "string",
    help: "the Helm version to print like: 4.3.1 (default), 4.2.4, 4.2.3, 3.19.4",
  },
  { name: "allow-exec", kind: "bool", help: "let --post-renderer run its plugin or program" },
];

const refreshFlags: readonly Flag[] = [
  { name: "ca-file", kind: "string", help: "verify certificates of registries using this CA bundle" },
  { name: "cert-file", kind: "string", help: "identify to registries using this certificate" },
  { name: "insecure-skip-tls-verify", kind: "bool", help: "skip tls certificate checks for registries" },
  { name: "key-file", kind: "string", help: "key of --cert-file" },
  { name: "keyring", kind: "string", help: "no effect" },
  { name: "password", kind: "string", help: "password at registries" },
  { name: "plain-http", kind: "bool", help: "use insecure HTTP connections for registries" },
  { name: "skip-refresh", kind: "bool", help: "do not refresh the local repository cache" },
  { name: "username", kind: "string", help: "user at registries" },
  { name: "verify", kind: "bool", help: "refused for what is downloaded: provenance files are not checked" },
];

/** The flags of `helm dependency build`, `update` and `list`. */
export const dependencyFlags: Readonly<Record<"build" | "update" | "list", readonly Flag[]>> = {
  build: [...refreshFlags, ...globalFlags],
  update: [...refreshFlags, ...globalFlags],
  list: [{ name: "max-col-width", kind: "uint", help: "maximum column width of the table (80)" }, ...globalFlags],
};

/** Flags of our own beside those of `helm dependency`. */
export const ownDependencyFlags: readonly Flag[] = ownTemplateFlags.filter(({ name }) => name === "helm-version");
