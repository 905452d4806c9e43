import { FunctionError, quoteGo } from "@tiphys/gotemplate";
import { parseStrictVersion } from "@tiphys/gotemplate/sprig";
import { spec } from "@tiphys/helmfile";
import { writeYamlV3, YamlError, yamlNodes } from "@tiphys/source";

const { Decoder, flag, structSchema, structs, text, textMap, texts, valueMap } = spec;

/* plugin.yaml as Helm 4.2.4 reads it (internal/plugin: loader.go, metadata.go, metadata_v1.go, metadata_legacy.go, schema/). */

/** A plugin.yaml that Helm refuses; `message` is its text, a byte string. */
export class PluginMetadataError extends Error {
  override readonly name = "PluginMetadataError";
}

const platformCommand = structSchema("plugin.PlatformCommand", {
  os: text("OperatingSystem"),
  arch: text("Architecture"),
  command: text("Command"),
  args: texts("Args"),
});

/** A command for a platform; empty for any. */
export type PlatformCommand = spec.StructOf<typeof platformCommand>;

/** What is known of a plugin. All texts are byte strings. */
export interface PluginMetadata {
  readonly name: string;
  /** `cli/v1`, `getter/v1`, `postrenderer/v1` or `test/v1`. */
  readonly type: string;
  readonly runtime: "subprocess" | "extism/v1";
  readonly platformCommand: readonly PlatformCommand[];
}

const commands = (go: string): spec.Field<PlatformCommand[] | undefined> => structs(go, platformCommand);

const platformHooks: spec.Field<Map<string, PlatformCommand[]> | undefined> = {
  go: "PlatformHooks",
  type: { kind: "map", of: commands("").type, name: "plugin.PlatformHooks" },
  omitEmpty: true,
  zero: () => undefined,
};

const legacyHooks = textMap("Hooks");

const legacySchema = structSchema("plugin.MetadataLegacy", {
  name: text("Name"),
  version: text("Version"),
  usage: text("Usage"),
  description: text("Description"),
  platformCommand: commands("PlatformCommand"),
  command: text("Command"),
  ignoreFlags: flag("IgnoreFlags"),
  platformHooks,
  hooks: { ...legacyHooks, type: { kind: "map", of: { kind: "string" }, name: "plugin.Hooks" } } as typeof legacyHooks,
  downloaders: structs(
    "Downloaders",
    structSchema("plugin.Downloaders", { protocols: texts("Protocols"), command: text("Command") }),
  ),
});

const schemaV1 = structSchema("plugin.MetadataV1", {
  apiVersion: text("APIVersion"),
  name: text("Name"),
  type: text("Type"),
  runtime: text("Runtime"),
  version: text("Version"),
  sourceURL: text("SourceURL"),
  config: valueMap("Config"),
  runtimeConfig: valueMap("RuntimeConfig"),
});

const subprocessSchema = structSchema("plugin.RuntimeConfigSubprocess", {
  platformCommand: commands("PlatformCommand"),
  platformHooks,
  protocolCommands: structs(
    "ProtocolCommands",
    structSchema("plugin.SubprocessProtocolCommand", {
      protocols: texts("Protocols"),
      platformCommand: commands("PlatformCommand"),
    }),
  ),
});

const getterConfig = structSchema("schema.ConfigGetterV1", { protocols: texts("Protocols") });

const configSchemas: ReadonlyMap<string, spec.StructSchema> = new Map<string, spec.StructSchema>([
  ["test/v1", structSchema("schema.ConfigTestV1", {})],
  [
    "cli/v1",
    structSchema("schema.ConfigCLIV1", {
      usage: text("Usage"),
      shortHelp: text("ShortHelp"),
      longHelp: text("LongHelp"),
      ignoreFlags: flag("IgnoreFlags"),
    }),
  ],
  ["getter/v1", getterConfig],
  ["postrenderer/v1", structSchema("schema.ConfigPostRendererV1", {})],
]);

/** Reads plugin.yaml (a byte string). Throws `PluginMetadataError`. */
export function readPluginMetadata(yaml: string): PluginMetadata {
  const peeked = decode(yaml, structSchema("plugin.apiVersion", { apiVersion: text("APIVersion") }), {
    prefix: "failed to peek plugin.yaml API version: ",
  });
  if (peeked.apiVersion === "") return legacyMetadata(decode(yaml, legacySchema, {}));
  if (peeked.apiVersion === "v1") return metadataV1(decode(yaml, schemaV1, { isStrict: true }));
  return refuse(`invalid plugin apiVersion: ${quoteGo(peeked.apiVersion)}`);
}

function refuse(message: string): never {
  throw new PluginMetadataError(message);
}

function decode<S extends spec.StructSchema>(
  yaml: string,
  schema: S,
  { isStrict = false, prefix = "" }: { readonly isStrict?: boolean; readonly prefix?: string },
): spec.StructOf<S> {
  try {
    const { value: node } = yamlNodes(yaml, "v3").next();
    if (node === undefined) return refuse(`${prefix}EOF`);
    const decoder = new Decoder({ dialect: "v3", strict: isStrict });
    return decoder.decode(node, { kind: "struct", schema }) as spec.StructOf<S>;
  } catch (error) {
    if (error instanceof YamlError) return refuse(`${prefix}${error.message}`);
    throw error;
  }
}

const validName = /^[A-Za-z0-9_-]+$/;

function isSemver(version: string): boolean {
  try {
    parseStrictVersion(version);
    return true;
  } catch (error) {
    if (error instanceof FunctionError) return false;
    throw error;
  }
}

function legacyMetadata(given: spec.StructOf<typeof legacySchema>): PluginMetadata {
  const { name, version, command, hooks } = given;
  if (!validName.test(name)) refuse(`invalid plugin name ${quoteGo(name)}: must contain only a-z, A-Z, 0-9, _ and -`);
  if (version !== "" && !isSemver(version)) refuse(`invalid plugin version ${quoteGo(version)}: must be valid semver`);
  const ownCommands = given.platformCommand ?? [];
  if (ownCommands.length > 0 && command !== "") refuse("both platformCommand and command are set");
  if ((given.platformHooks?.size ?? 0) > 0 && (hooks?.size ?? 0) > 0) refuse("both platformHooks and hooks are set");
  const downloaders = given.downloaders ?? [];
  for (const [index, { command: program, protocols = [] }] of downloaders.entries()) {
    if (program === "") refuse(`downloader ${index} has empty command`);
    if (protocols.length === 0) refuse(`downloader ${index} has no protocols`);
    const empty = protocols.indexOf("");
    if (empty >= 0) refuse(`downloader ${index} has empty protocol at index ${empty}`);
  }
  return {
    name,
    type: downloaders.length > 0 ? "getter/v1" : "cli/v1",
    runtime: "subprocess",
    platformCommand: ownCommands.length > 0 || command === "" ? ownCommands : [{ os: "", arch: "", command, args: [] }],
  };
}

function metadataV1(given: spec.StructOf<typeof schemaV1>): PluginMetadata {
  const { name, version, type, runtime } = given;
  if (!validName.test(name)) refuse("invalid plugin `name`");
  if (version === "") refuse("plugin `version` is required");
  if (!isSemver(version)) refuse(`invalid plugin \`version\` ${quoteGo(version)}: must be valid semver`);
  if (type === "") refuse("`type` missing");
  if (runtime === "") refuse("`runtime` missing");
  const prefix = "failed to convert MetadataV1 to Metadata: ";
  const schema = configSchemas.get(type) ?? refuse(`${prefix}unknown plugin type ${quoteGo(type)}`);
  const config = decode(writeYamlV3(given.config ?? new Map()), schema, { isStrict: true, prefix });
  if (runtime !== "subprocess" && runtime !== "extism/v1")
    return refuse(`${prefix}unsupported plugin runtime type: ${quoteGo(runtime)}`);
  const runtimeConfig = writeYamlV3(given.runtimeConfig ?? new Map());
  const unmarshal = `${prefix}failed to unmarshal runtimeConfig for ${runtime} runtime: `;
  const own = runtime === "subprocess" ? decode(runtimeConfig, subprocessSchema, { prefix: unmarshal }) : undefined;
  if (schema === getterConfig) checkGetter(config as spec.StructOf<typeof getterConfig>);
  return { name, type, runtime, platformCommand: own?.platformCommand ?? [] };
}

function checkGetter({ protocols = [] }: spec.StructOf<typeof getterConfig>): void {
  const prefix = "config validation failed: ";
  if (protocols.length === 0) refuse(`${prefix}getter has no protocols`);
  const empty = protocols.indexOf("");
  if (empty >= 0) refuse(`${prefix}getter has empty protocol at index ${empty}`);
}
