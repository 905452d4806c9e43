/** Names of the Helm versions whose behaviour is known. */
export type ProfileName = "4.3.1" | "4.2.4" | "4.2.3" | "3.19.4";

/** Everything that differs between Helm versions, as data. No other place asks for a version. */
export interface Profile {
  readonly name: ProfileName;
  /** `.Capabilities.HelmVersion` in the order of Go's fields. */
  readonly helmVersion: {
    readonly version: string;
    readonly goVersion: string;
    /** Absent where the field does not exist (Helm 3). */
    readonly kubeClientVersion?: string;
  };
  /** Default `.Capabilities.KubeVersion`: the minor version of the client-go that the release is built with. */
  readonly kubeVersion: string;
  /** The group/versions of `.Capabilities.APIVersions` before `--api-versions`. */
  readonly apiVersions: readonly string[];
  /** How a file is split into documents (pkg/release/v1/util/manifest.go). */
  readonly documentSeparator: "line-start" | "after-space";
  /** Documents lose the space at their end too (Helm 3). */
  readonly trimsDocuments: boolean;
  /** Webhook configurations have a place in the order of installation (Helm 4); else they are unknown kinds. */
  readonly ordersWebhooks: boolean;
  /** The fault of `LoadValues`: a last line without line break and of 4096·n bytes is lost. */
  readonly dropsLineAt4096: boolean;
  /** `.Files.Lines` of an empty file is an error (index out of range). */
  readonly linesFailsOnEmptyFile: boolean;
  /** The `duration…` functions and `mustToDuration`. */
  readonly hasDurationFunctions: boolean;
  /** A single chart file may not be larger; undefined: only the sum is limited. */
  readonly maxFileSize: number | undefined;
  /** The sum of the files of a chart folder is limited like that of an archive. */
  readonly limitsFolderSize: boolean;
  /** `.Chart` is a map by Go's field names (Helm 4) or a struct, where an unknown field is an error (Helm 3). */
  readonly chartIsMap: boolean;
  /** Chain of template errors is printed over several lines (Helm 4) or as Go's one line (Helm 3). */
  readonly multiLineErrors: boolean;
  /** How warnings look on stderr: `slog` (Helm 4) or Go's `log` (Helm 3). */
  readonly logStyle: "slog" | "log";
  /** A values file may hold several documents, and `--set-json` whole objects (Helm 4). */
  readonly hasMultiDocumentValues: boolean;
  /** `.Capabilities.KubeVersion.Version` keeps the suffix of `--kube-version` (Helm 4). */
  readonly keepsKubeVersionSuffix: boolean;
  /** `mustToYaml` and `mustToToml` (Helm 4). */
  readonly hasMustToYaml: boolean;
  /** Places in schema errors as santhosh-tekuri/jsonschema 6.0.2 gives them, before 6.0.3 put them right. */
  readonly schemaHasOldPlaces: boolean;
  /** encoding/json: Go's first package, or the second one (Go 1.27), which words errors and writes invalid UTF-8 otherwise. */
  readonly encodingJson: "v1" | "v2";
  /** Chart-default nulls are removed when values coalesce, and a user's null over a null stays (since Helm 4.1). */
  readonly cleansNullDefaults: boolean;
  /** `helm template` says on stdout, not stderr, what it pulled from a registry (Helm 4.2). */
  readonly saysPullsOnStdout: boolean;
  /** Charts of apiVersion v3 are read before they are refused (Helm 4). */
  readonly loadsVersion3: boolean;
  /** `--post-renderer` is the name of a plugin (Helm 4) or a program (Helm 3). */
  readonly postRenderer: "plugin" | "program";
}

const apiVersions136 = `v1
admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1
internal.apiserver.k8s.io/v1alpha1
apps/v1 apps/v1beta1 apps/v1beta2
authentication.k8s.io/v1 authentication.k8s.io/v1alpha1 authentication.k8s.io/v1beta1
authorization.k8s.io/v1 authorization.k8s.io/v1beta1
autoscaling/v1 autoscaling/v2
batch/v1 batch/v1beta1
certificates.k8s.io/v1 certificates.k8s.io/v1beta1 certificates.k8s.io/v1alpha1
coordination.k8s.io/v1alpha2 coordination.k8s.io/v1beta1 coordination.k8s.io/v1
discovery.k8s.io/v1 discovery.k8s.io/v1beta1
events.k8s.io/v1 events.k8s.io/v1beta1
extensions/v1beta1
flowcontrol.apiserver.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1beta2
flowcontrol.apiserver.k8s.io/v1beta3
networking.k8s.io/v1 networking.k8s.io/v1beta1
node.k8s.io/v1 node.k8s.io/v1alpha1 node.k8s.io/v1beta1
policy/v1 policy/v1beta1
rbac.authorization.k8s.io/v1 rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1alpha1
resource.k8s.io/v1 resource.k8s.io/v1beta2 resource.k8s.io/v1beta1 resource.k8s.io/v1alpha3
scheduling.k8s.io/v1alpha2 scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1
storage.k8s.io/v1beta1 storage.k8s.io/v1 storage.k8s.io/v1alpha1
storagemigration.k8s.io/v1beta1
apiextensions.k8s.io/v1beta1 apiextensions.k8s.io/v1`.split(/\s+/);

/** client-go 0.37 against 0.36: one group came, two groups moved on. */
const apiVersions137 = apiVersions136.flatMap((version) => {
  switch (version) {
    case "networking.k8s.io/v1":
      return ["lifecycle.k8s.io/v1alpha1", version];
    case "scheduling.k8s.io/v1alpha2":
      return ["scheduling.k8s.io/v1alpha3"];
    case "storagemigration.k8s.io/v1beta1":
      return ["storagemigration.k8s.io/v1", version];
    default:
      return [version];
  }
});

/** client-go 0.34 against 0.36. */
const apiVersions134 = apiVersions136.flatMap((version) => {
  switch (version) {
    case "autoscaling/v2":
      return [version, "autoscaling/v2beta1", "autoscaling/v2beta2"];
    case "scheduling.k8s.io/v1alpha2":
      return ["scheduling.k8s.io/v1alpha1"];
    case "storagemigration.k8s.io/v1beta1":
      return ["storagemigration.k8s.io/v1alpha1"];
    default:
      return [version];
  }
});

const helm424: Profile = {
  name: "4.2.4",
  helmVersion: { version: "v4.2.4", goVersion: "go1.26.8", kubeClientVersion: "v1.36" },
  kubeVersion: "v1.36.0",
  apiVersions: apiVersions136,
  documentSeparator: "line-start",
  trimsDocuments: false,
  ordersWebhooks: true,
  dropsLineAt4096: true,
  linesFailsOnEmptyFile: true,
  hasDurationFunctions: false,
  maxFileSize: 5 * 1024 * 1024,
  limitsFolderSize: false,
  chartIsMap: true,
  multiLineErrors: true,
  logStyle: "slog",
  hasMultiDocumentValues: true,
  keepsKubeVersionSuffix: true,
  hasMustToYaml: true,
  schemaHasOldPlaces: true,
  encodingJson: "v1",
  cleansNullDefaults: true,
  saysPullsOnStdout: true,
  loadsVersion3: true,
  postRenderer: "plugin",
};

/** The profiles by version. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  "4.3.1": {
    ...helm424,
    name: "4.3.1",
    helmVersion: { version: "v4.3.1", goVersion: "go1.27.0", kubeClientVersion: "v1.37" },
    kubeVersion: "v1.37.0",
    apiVersions: apiVersions137,
    dropsLineAt4096: false,
    linesFailsOnEmptyFile: false,
    hasDurationFunctions: true,
    schemaHasOldPlaces: false,
    encodingJson: "v2",
    maxFileSize: undefined,
    limitsFolderSize: true,
    saysPullsOnStdout: false,
  },
  "4.2.4": helm424,
  "4.2.3": {
    ...helm424,
    name: "4.2.3",
    helmVersion: { ...helm424.helmVersion, version: "v4.2.3" },
    documentSeparator: "after-space",
  },
  "3.19.4": {
    ...helm424,
    name: "3.19.4",
    helmVersion: { version: "v3.19.4", goVersion: "go1.24.11" },
    kubeVersion: "v1.34.0",
    apiVersions: apiVersions134,
    documentSeparator: "after-space",
    trimsDocuments: true,
    ordersWebhooks: false,
    dropsLineAt4096: false,
    chartIsMap: false,
    multiLineErrors: false,
    hasMultiDocumentValues: false,
    keepsKubeVersionSuffix: false,
    hasMustToYaml: false,
    logStyle: "log",
    cleansNullDefaults: false,
    saysPullsOnStdout: false,
    loadsVersion3: false,
    postRenderer: "program",
  },
};

/** The profile that is taken when none is named. */
export const defaultProfile: Profile = profiles["4.3.1"];

/** The profile of a Helm version (`4.2.4`, `v4.2.4`); undefined when it is not known. */
export function findProfile(version: string): Profile | undefined {
  const name = version.startsWith("v") ? version.slice(1) : version;
  return Object.hasOwn(profiles, name) ? profiles[name as ProfileName] : undefined;
}
