import { GoMap, TemplateError, TemplateSet, type CallContext, type Trace } from "@tiphys/gotemplate";
import type { Profile } from "../profile.ts";
import { Values } from "../values/values.ts";
import { helmTemplateError } from "./error-text.ts";
import { helmFunctions } from "./functions.ts";
import { RenderState, type ParseCache } from "./render-state.ts";
import type { Renderable } from "./render-values.ts";

export interface EngineOptions {
  readonly profile: Profile;
  readonly parse: ParseCache;
  /** Keeps linked sets: the same templates under the same paths need not be linked again. */
  readonly sets?: Map<string, TemplateSet>;
  /** Clock, zone, environment and randomness; the engine's own slot is filled here. */
  readonly context: Omit<CallContext, "engine">;
  /** Gets the trace of each template that ran, by path, where the context has a recorder. */
  readonly traces?: Map<string, Trace>;
}

/**
 * `Engine.render` (pkg/engine/engine.go): every template that is no partial, by path. Parsed and executed in Helm's order, so
 * that of two definitions of a name the one of the shallowest, alphabetically first file counts. Throws `HelmError`.
 */
export function renderTemplates(
  templates: ReadonlyMap<string, Renderable>,
  options: EngineOptions,
): Map<string, string> {
  const { profile } = options;
  const paths = sortTemplates([...templates.keys()]);
  const key = paths.join("\n");
  let set = options.sets?.get(key);
  if (!set) {
    set = linkTemplates(paths, templates, options);
    options.sets?.set(key, set);
  }
  const linked = set;
  const state = new RenderState(linked, options.parse);
  const context: CallContext = { ...options.context, engine: state };
  state.attach(context);
  const rendered = new Map<string, string>();
  for (const path of paths) {
    if (path.slice(path.lastIndexOf("/") + 1).startsWith("_")) continue;
    const { dot, basePath } = templates.get(path)!;
    // All templates of a chart share one dot: `.Subcharts.x.Template` shows the file of x that ran last.
    dot.set(
      "Template",
      new GoMap("common.Values", [
        ["Name", path],
        ["BasePath", basePath],
      ]),
    );
    const output = withHelmError(path, profile, () => linked.execute(path, new Values(dot), context));
    if (context.trace?.latest !== undefined) options.traces?.set(path, context.trace.latest);
    rendered.set(path, output.includes("<no value>") ? output.replaceAll("<no value>", "") : output);
  }
  return rendered;
}

function linkTemplates(
  paths: readonly string[],
  templates: ReadonlyMap<string, Renderable>,
  options: EngineOptions,
): TemplateSet {
  const functions = helmFunctions(options.profile);
  const set = new TemplateSet({ functions, missingKey: "zero", name: "gotpl" });
  for (const path of paths) {
    withHelmError(path, options.profile, () => set.add(options.parse(path, templates.get(path)!.file.text, functions)));
  }
  return set;
}

function withHelmError<Result>(path: string, profile: Profile, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateError) throw helmTemplateError(error, path, profile);
    throw error;
  }
}

/** `sortTemplates`: deepest first, in each depth from the last name to the first. */
function sortTemplates(paths: string[]): string[] {
  const depths = new Map(paths.map((path) => [path, path.split("/").length]));
  return paths.sort((a, b) => depths.get(b)! - depths.get(a)! || (a < b ? 1 : a > b ? -1 : 0));
}
