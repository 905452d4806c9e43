import { define, GoObject, quoteGo, typedSlice, type GoFunction, type GoKind, type GoValue } from "@tiphys/gotemplate";
import type { JsonMarshaler } from "@tiphys/gotemplate/sprig";
import { HelmError } from "./error.ts";
import { defaultProfile, type Profile } from "./profile.ts";

/* pkg/chart/common/capabilities.go (Helm 4.2.4). All strings are byte strings. */

/** `.Capabilities`: a pointer to a struct. */
export class Capabilities extends GoObject {
  readonly goType = "*common.Capabilities";
  readonly goKind: GoKind = "ptr";
  readonly kubeVersion: KubeVersion;
  readonly #fields: ReadonlyMap<string, GoValue>;

  constructor(profile: Profile, kubeVersion: KubeVersion, apiVersions: readonly string[]) {
    super();
    this.kubeVersion = kubeVersion;
    const all = [...profile.apiVersions, ...apiVersions];
    this.#fields = new Map<string, GoValue>([
      ["KubeVersion", kubeVersion],
      ["APIVersions", new VersionSet(all)],
      ["HelmVersion", new BuildInfo(profile)],
    ]);
  }
  override goField(name: string): GoValue | undefined {
    return this.#fields.get(name);
  }
  override goFieldNames(): readonly string[] {
    return [...this.#fields.keys()];
  }
  override goMethod(name: string): GoFunction | undefined {
    return name === "Copy" ? define(name, "func() *common.Capabilities", () => this) : undefined;
  }
  override goDeepCopy(): GoObject {
    return new CapabilitiesCopy(this.#fields);
  }
}

/** What `deepCopy` makes of `.Capabilities`. */
class CapabilitiesCopy extends GoObject {
  readonly goType = "*common.Capabilities";
  readonly goKind: GoKind = "ptr";
  readonly #fields: ReadonlyMap<string, GoValue>;
  constructor(fields: ReadonlyMap<string, GoValue>) {
    super();
    this.#fields = new Map(
      [...fields].map(([name, value]) => [name, value instanceof GoObject ? value.goDeepCopy() : value]),
    );
  }
  override goField(name: string): GoValue | undefined {
    return this.#fields.get(name);
  }
  override goFieldNames(): readonly string[] {
    return [...this.#fields.keys()];
  }
}

/** A copy of `.Capabilities.KubeVersion` as functions take it: a struct without methods. */
class KubeVersionCopy extends GoObject {
  readonly goType = "common.KubeVersion";
  readonly goKind: GoKind = "struct";
  readonly #fields: ReadonlyMap<string, string>;
  readonly #printed: readonly (readonly [name: string, value: string])[];

  constructor(fields: ReadonlyMap<string, string>, printed: readonly (readonly [name: string, value: string])[]) {
    super();
    this.#fields = fields;
    this.#printed = printed;
  }
  override goField(name: string): GoValue | undefined {
    return this.#fields.get(name);
  }
  override goFieldNames(): readonly string[] {
    return [...this.#fields.keys()];
  }
  override goPrintedFields(): readonly (readonly [name: string, value: GoValue])[] {
    return this.#printed;
  }
  override goDeepCopy(): GoObject {
    return new KubeVersionCopy(
      this.#fields,
      this.#printed.map(([name, value]) => [name, this.#fields.has(name) ? value : ""]),
    );
  }
}

/** `.Capabilities.KubeVersion`: a field that templates can address, so that it has the methods of its pointer. */
export class KubeVersion extends KubeVersionCopy {
  readonly version: string;
  /** The version without suffix, which constraints are checked with. */
  readonly normalized: string;
  readonly #copy: KubeVersionCopy;

  constructor(version: string, normalized: string, of: { major: string; minor: string; profile: Profile }) {
    const fields = new Map([
      ["Version", version],
      ["Major", of.major],
      ["Minor", of.minor],
    ]);
    const [first, ...others] = fields;
    // Helm 3 has no such field.
    const hidden = of.profile.keepsKubeVersionSuffix ? [["normalizedVersion", normalized] as const] : [];
    const printed = [first!, ...hidden, ...others];
    super(fields, printed);
    this.version = version;
    this.normalized = normalized;
    this.#copy = new KubeVersionCopy(fields, printed);
  }
  override goMethod(name: string): GoFunction | undefined {
    if (name === "String") return define(name, "func() string", () => this.normalized);
    return name === "GitVersion" ? define(name, "func() string", () => this.version) : undefined;
  }
  override goPointerString(): string {
    return this.normalized;
  }
  override goCopy(): GoObject {
    return this.#copy;
  }
}

class BuildInfo extends GoObject implements JsonMarshaler {
  readonly goType = "version.BuildInfo";
  readonly goKind: GoKind = "struct";
  readonly #fields: ReadonlyMap<string, string>;

  constructor(profile: Profile) {
    super();
    const { version, goVersion, kubeClientVersion } = profile.helmVersion;
    this.#fields = new Map([
      ["Version", version],
      ["GitCommit", ""],
      ["GitTreeState", ""],
      ["GoVersion", goVersion],
      ...(kubeClientVersion === undefined ? [] : [["KubeClientVersion", kubeClientVersion] as const]),
    ]);
  }
  override goField(name: string): GoValue | undefined {
    return this.#fields.get(name);
  }
  override goFieldNames(): readonly string[] {
    return [...this.#fields.keys()];
  }
  /** The fields have names of their own in JSON, and empty ones are left out. */
  goMarshalJson(): string {
    const names = {
      Version: "version",
      GitCommit: "git_commit",
      GitTreeState: "git_tree_state",
      GoVersion: "go_version",
      KubeClientVersion: "kube_client_version",
    };
    const parts = Object.entries(names).flatMap(([field, name]) => {
      const value = this.#fields.get(field) ?? "";
      return value === "" ? [] : [`"${name}":"${value}"`];
    });
    return `{${parts.join(",")}}`;
  }
}

/** `.Capabilities.APIVersions`: a slice of strings with `Has`. */
class VersionSet extends GoObject {
  readonly goType = "common.VersionSet";
  readonly goKind: GoKind = "slice";
  readonly #versions: readonly string[];
  readonly #set: ReadonlySet<string>;

  constructor(versions: readonly string[]) {
    super();
    this.#versions = versions;
    this.#set = new Set(versions);
  }
  override goUnderlying(): GoValue {
    return typedSlice("[]string", [...this.#versions]);
  }
  override goMethod(name: string): GoFunction | undefined {
    if (name !== "Has") return undefined;
    return define(name, "func(string) bool", (_context, version: string) => this.#set.has(version));
  }
}

/** The version that a profile assumes when no `--kube-version` is given. */
export function defaultKubeVersion(profile: Profile): KubeVersion {
  const [major, minor] = profile.kubeVersion.slice(1).split(".") as [string, string];
  return new KubeVersion(profile.kubeVersion, profile.kubeVersion, { major, minor, profile });
}

/** `ParseKubeVersion`: k8s.io/apimachinery's ParseGeneric, the text kept. Throws `HelmError`. */
export function parseKubeVersion(text: string, profile: Profile = defaultProfile): KubeVersion {
  const fail = (reason: string) => new HelmError("kube-version-invalid", `invalid kube version '${text}': ${reason}`);
  const match = /^[\t\n\v\f\r ]*v?([0-9]+(?:\.[0-9]+)*)(.*)[\t\n\v\f\r ]*$/.exec(text);
  if (!match || match[2]!.includes("\n")) throw fail(`could not parse ${quoteGo(text)} as version`);
  const components = match[1]!.split(".");
  if (components.length < 2) throw fail(`illegal version string ${quoteGo(text)}`);
  const first = components[0]!;
  if (first.startsWith("0") && first !== "0") {
    throw fail(`illegal zero-prefixed version component ${quoteGo(first)} in ${quoteGo(text)}`);
  }
  const numbers = components.map((component) => {
    const value = BigInt(component);
    if (value > 0xffff_ffff_ffff_ffffn) {
      const reason = `strconv.ParseUint: parsing ${quoteGo(component)}: value out of range`;
      throw fail(`illegal non-numeric version component ${quoteGo(component)} in ${quoteGo(text)}: ${reason}`);
    }
    return String(value);
  });
  const normalized = `v${numbers.join(".")}`;
  const version = !profile.keepsKubeVersionSuffix ? normalized : text.startsWith("v") ? text : `v${text}`;
  return new KubeVersion(version, normalized, { major: numbers[0]!, minor: numbers[1]!, profile });
}
