import { define, formatGo, FunctionError, goTypeName, TemplateError, typedSlice } from "@tiphys/gotemplate";
import type { CallContext, FunctionTable, GoFunction, GoValue } from "@tiphys/gotemplate";
import { sprigFunctions } from "@tiphys/gotemplate/sprig";
import { isAbsolute, joinPaths } from "../files/filepath.ts";
import { isUserFault } from "../state/error.ts";
import type { CommandRequest } from "../session/command-runner.ts";
import { castKeys, KeyTypeError } from "../values/cast-keys.ts";
import { isMap } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { get, getOrNil } from "./get.ts";
import { DirectoryEntry } from "./objects.ts";
import type { RenderContext } from "./renderer.ts";

/* pkg/tmpl/context_funcs.go and context_tmpl.go of helmfile 1.8.0. */

const engine = (context: CallContext): RenderContext => context.engine as RenderContext;

function asFunctionError(error: unknown): unknown {
  return error instanceof FunctionError || !isUserFault(error) ? error : new FunctionError(error.message);
}

function guard<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof TemplateError && error.depthExceeded) throw error;
    throw asFunctionError(error);
  }
}

function pathOf(context: CallContext, name: string): string {
  return isAbsolute(name) ? name : joinPaths(engine(context).basePath, name);
}

function refuseInsecure(context: CallContext): void {
  if (!engine(context).session.insecureFeaturesDisabled) return;
  throw new FunctionError(
    "HELMFILE_DISABLE_INSECURE_FEATURES or HELMFILE_DISABLE_INSECURE_TEMPLATE_FUNCTIONS is active, insecure function calls are disabled",
  );
}

function runCommand(context: CallContext, request: Omit<CommandRequest, "directory">, name: string): string {
  refuseInsecure(context);
  const { session, basePath } = engine(context);
  return guard(() =>
    session.execute(
      { ...request, directory: session.workspace.absolute(basePath) },
      { function: name, place: engine(context).place },
    ),
  );
}

function textArguments(args: GoValue[]): string[] {
  return args.map((arg, index) => {
    if (typeof arg === "string") return arg;
    throw new FunctionError(
      `unexpected type of arg "${arg === null ? "%!s(<nil>)" : goTypeName(arg)}" in args ${formatGo("%v", [args])} at index ${index}`,
    );
  });
}

function textEnvironment(environment: ValueMap): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of environment) {
    if (typeof value !== "string") {
      throw new FunctionError(
        `unexpected type of env "${value === null ? "%!s(<nil>)" : goTypeName(value)}" in envs ${formatGo("%v", [environment])} at index ${key}`,
      );
    }
    out.set(key, value);
  }
  return out;
}

function readFile(context: CallContext, name: string): string {
  refuseInsecure(context);
  const { session } = engine(context);
  const path = pathOf(context, name);
  const content = session.workspace.read(path);
  if (content !== undefined) return content;
  if (session.workspace.isDirectory(path)) throw new FunctionError(`read ${path}: is a directory`);
  throw new FunctionError(`open ${path}: ${session.workspace.reasonOf(path)}`);
}

function entriesOf(
  context: CallContext,
  name: string,
  title: string,
): readonly { readonly name: string; readonly kind: "file" | "directory" }[] {
  refuseInsecure(context);
  const path = pathOf(context, name);
  const { workspace } = engine(context).session;
  const entries = workspace.list(path);
  if (entries !== undefined) return entries;
  if (workspace.isFile(path))
    throw new FunctionError(`${title} ${formatGo("%q", [path])}: fdopendir ${path}: not a directory`);
  throw new FunctionError(`${title} ${formatGo("%q", [path])}: open ${path}: ${workspace.reasonOf(path)}`);
}

function setValueAtPath(path: string, value: GoValue, values: ValueMap): ValueMap {
  const components = path.split(".");
  const last = components.pop()!;
  let current = values;
  for (const key of components) {
    const next = current.get(key);
    if (next === undefined)
      throw new FunctionError(`failed to set value at path "${path}": value for key "${key}" does not exist`);
    if (!isMap(next))
      throw new FunctionError(`failed to set value at path "${path}": value for key "${key}" was not a map`);
    current = next;
  }
  current.set(last, value);
  return values;
}

function fromYaml(context: CallContext, text: string): GoValue {
  try {
    return castKeys(engine(context).session.yaml.unmarshal(text));
  } catch (error) {
    if (error instanceof KeyTypeError || isUserFault(error))
      throw new FunctionError(`${(error as Error).message}, offending yaml: ${text}`);
    throw error;
  }
}

const maxInclude = 1000;

function include(context: CallContext, name: string, data: GoValue): string {
  const render = engine(context);
  const depth = render.includes.get(name) ?? 0;
  if (depth > maxInclude)
    throw new FunctionError(`rendering template has a nested reference name: ${name}: unable to execute template`);
  render.includes.set(name, depth + 1);
  try {
    return guard(() => render.set.execute(name, data, context));
  } finally {
    render.includes.set(name, depth);
  }
}

function required(warning: string, value: GoValue): GoValue {
  if (value === null || value === "") throw new FunctionError(warning);
  return value;
}

function requiredEnv(context: CallContext, name: string): string {
  const value = context.environment.get(name);
  if (value === undefined || value === "") throw new FunctionError(`required env var \`${name}\` is not set`);
  return value;
}

function secretValue(context: CallContext, path: string): string {
  const { session, place } = engine(context);
  const value = guard(() => session.refs.expandValue(path, { function: "fetchSecretValue", place }));
  if (typeof value !== "string") throw new FunctionError(`expected ${formatGo("%v", [value])} to be string`);
  return value;
}

const own: readonly GoFunction[] = [
  define(
    "envExec",
    "func(map[string]interface {}, string, []interface {}, ...string) string",
    (context, environment: ValueMap | null, command: string, args: GoValue[], ...inputs: string[]) =>
      runCommand(
        context,
        {
          command,
          args: textArguments(args ?? []),
          environment: textEnvironment(environment ?? new Map()),
          input: inputs[0] ?? "",
        },
        "envExec",
      ),
  ),
  define(
    "exec",
    "func(string, []interface {}, ...string) string",
    (context, command: string, args: GoValue[], ...inputs: string[]) =>
      runCommand(
        context,
        { command, args: textArguments(args ?? []), environment: new Map(), input: inputs[0] ?? "" },
        "exec",
      ),
  ),
  define("isFile", "func(string) bool", (context, name: string) =>
    engine(context).session.workspace.isFile(pathOf(context, name)),
  ),
  define("isDir", "func(string) bool", (context, name: string) =>
    engine(context).session.workspace.isDirectory(pathOf(context, name)),
  ),
  define("readFile", "func(string) string", readFile),
  define("readDir", "func(string) []string", (context, name: string) =>
    typedSlice(
      "[]string",
      entriesOf(context, name, "ReadDir")
        .filter((entry) => entry.kind === "file")
        .map((entry) => joinPaths(name, entry.name)),
    ),
  ),
  define("readDirEntries", "func(string) []fs.DirEntry", (context, name: string) =>
    typedSlice(
      "[]fs.DirEntry",
      entriesOf(context, name, "ReadDirEntries").map(
        (entry) => new DirectoryEntry(entry.name, entry.kind === "directory"),
      ),
    ),
  ),
  define("toYaml", "func(interface {}) string", (context, value: GoValue) =>
    guard(() => engine(context).session.yaml.marshal(value)),
  ),
  define("fromYaml", "func(string) interface {}", fromYaml),
  define(
    "setValueAtPath",
    "func(string, interface {}, map[string]interface {}) map[string]interface {}",
    (_context, path: string, value: GoValue, values: ValueMap) => setValueAtPath(path, value, values),
  ),
  define("requiredEnv", "func(string) string", requiredEnv),
  define("get", "func(string, ...interface {}) interface {}", (_context, path: string, ...args: GoValue[]) =>
    get(path, ...args),
  ),
  define("getOrNil", "func(string, interface {}) interface {}", (_context, path: string, object: GoValue) =>
    getOrNil(path, object),
  ),
  define("tpl", "func(string, interface {}) string", (context, text: string, data: GoValue) => {
    const { session, basePath, place } = engine(context);
    return guard(() => session.renderer(basePath).renderInside(context, text, data, place));
  }),
  define("required", "func(string, interface {}) interface {}", (_context, warning: string, value: GoValue) =>
    required(warning, value),
  ),
  define("fetchSecretValue", "func(string) string", secretValue),
  define("expandSecretRefs", "func(map[string]interface {}) map[string]interface {}", (context, values: ValueMap) => {
    const { session, place } = engine(context);
    return guard(() => session.refs.expandMap(values, { function: "expandSecretRefs", place }));
  }),
  define("include", "func(string, interface {}) string", include),
];

/** Every function of a helmfile template: sprig's text functions, `get` under the name `sprigGet`, and helmfile's own. */
export function templateFunctions(): FunctionTable {
  return (table ??= buildTable());
}

let table: FunctionTable | undefined;

function buildTable(): FunctionTable {
  const table = new Map(sprigFunctions());
  const sprigGet = table.get("get");
  if (sprigGet !== undefined) table.set("sprigGet", sprigGet);
  for (const each of own) table.set(each.name, each);
  return table;
}
