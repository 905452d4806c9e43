import { GoObject } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { exitMessage } from "../session/command-runner.ts";
import { parseBool } from "../session/session.ts";
import { releaseSpecSchema } from "../spec/release-spec.ts";
import type { Hook, ReleaseSpec } from "../spec/release-spec.ts";
import type { Struct } from "../spec/schema.ts";
import { environmentObject } from "../state/environment.ts";
import { HelmfileError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { FieldsObject, StructObject } from "../template/objects.ts";

/* pkg/event/bus.go of helmfile 1.8.0. */

/** What happens, to what, during which command. */
export interface HookEvent {
  readonly name: string;
  /** The error that a postsync or cleanup hook is told of. */
  readonly error?: string;
  readonly command: string;
}

/** Runs the state's own hooks for an event. Throws `HelmfileError` when one fails. */
export function triggerGlobalHooks(state: HelmState, event: HookEvent): void {
  trigger(state, state.spec.hooks ?? [], event, { HelmfileCommand: event.command });
}

/** Runs a release's hooks for an event. Throws `HelmfileError` when one fails. */
export function triggerReleaseHooks(state: HelmState, release: ReleaseSpec, event: HookEvent): void {
  if ((release.hooks ?? []).length === 0) return;
  trigger(state, release.hooks!, event, releaseContext(state, release, event.command));
}

/** The words of a release's hook as helmfile would run it for an event of `sync`. Throws `HelmfileError` where its templates fail. */
export function releaseHookWords(state: HelmState, release: ReleaseSpec, hook: Hook, event: string): string[] {
  const { words } = preparedHook(state, hook, { name: event, command: "sync" }, releaseContext(state, release, "sync"));
  return words;
}

function releaseContext(state: HelmState, release: ReleaseSpec, command: string): Readonly<Record<string, GoValue>> {
  return {
    Values: state.renderedValues,
    Release: new StructObject(releaseSpecSchema, release as Struct, true),
    HelmfileCommand: command,
  };
}

function trigger(
  state: HelmState,
  hooks: readonly Hook[],
  event: HookEvent,
  context: Readonly<Record<string, GoValue>>,
): void {
  if (hooks.length > 0 && parseBool(state.session.environment.get("HELMFILE_DISABLE_HOOKS")) === true) {
    throw new HelmfileError("HELMFILE_DISABLE_HOOKS is active, hooks are disabled", { code: "hooks-disabled" });
  }
  for (const hook of hooks) {
    if ((hook.events ?? []).includes(event.name)) runHook(state, hook, event, context);
  }
}

interface PreparedHook {
  readonly name: string;
  readonly place: { readonly file: string; readonly line: number; readonly path: string };
  readonly words: string[];
}

function preparedHook(
  state: HelmState,
  given: Hook,
  event: HookEvent,
  context: Readonly<Record<string, GoValue>>,
): PreparedHook {
  const { session } = state;
  const name = given.name !== "" ? given.name : given.kubectlApply === undefined ? given.command : "kubectlApply";
  const hook = given.kubectlApply === undefined ? given : kubectlHook(state, given, name);
  const data = new Map<string, GoValue>([
    ["Environment", environmentObject(state.env)],
    ["Namespace", state.spec.namespace],
    ["Event", new FieldsObject("event.event", { Name: event.name, Error: event.error ?? new NilError() })],
    ...Object.entries(context),
  ]);
  const place = { file: session.workspace.displayPath(state.filePath), line: 1, path: `hook ${name}` };
  const render = (text: string): string => {
    try {
      return session.renderer(state.basePath).render(text, data, place);
    } catch (error) {
      if (!(error instanceof HelmfileError)) throw error;
      throw new HelmfileError(`hook[${name}]: ${error.message}`, error);
    }
  };
  return { name, place, words: [hook.command, ...(hook.args ?? [])].map(render) };
}

function runHook(state: HelmState, hook: Hook, event: HookEvent, context: Readonly<Record<string, GoValue>>): void {
  const { session } = state;
  const { name, place, words } = preparedHook(state, hook, event, context);
  const [command = "", ...args] = words;
  const run = session.permissions.exec;
  if (run === undefined) {
    session.withheld.add({
      code: "helmfile-hook",
      what: words.join(" "),
      asker: { function: `hook ${event.name}`, place },
    });
    return;
  }
  const request = {
    command,
    args,
    environment: new Map<string, string>(),
    input: "",
    directory: session.workspace.absolute(state.basePath),
  };
  session.runningTime.spend("command");
  const result = run(request);
  if (hook.showlogs) {
    const prefix = `\nhook[${event.name}] logs | `;
    session.say("info", prefix + (result.kind === "exited" ? result.stdout : "").replaceAll("\n", prefix) + "\n");
  }
  if (result.kind === "exited" && result.status === 0) return;
  const reason = result.kind === "failed" ? result.message : exitMessage(request, result, args);
  throw new HelmfileError(`hook[${name}]: command \`${command}\` failed: ${reason}`, {
    code: "hook-failed",
    origin: { file: place.file },
  });
}

/** A nil `error`: unlike a nil value it prints as `<nil>`. */
class NilError extends GoObject {
  readonly goType = "error";
  readonly goKind = "invalid" as const;
  override goString(): string {
    return "<nil>";
  }
}

function kubectlHook(state: HelmState, hook: Hook, name: string): Hook {
  if (hook.command !== "")
    state.session.say("warn", `warn: ignoring command '${hook.command}' given within a kubectlApply hook`);
  const filename = hook.kubectlApply!.get("filename");
  const kustomize = hook.kubectlApply!.get("kustomize");
  if (filename !== undefined && kustomize !== undefined)
    throw new HelmfileError(`hook[${name}]: kustomize & filename cannot be used together`, { code: "hook-invalid" });
  if (filename !== undefined) return { ...hook, command: "kubectl", args: ["apply", "-f", filename] };
  if (kustomize !== undefined) return { ...hook, command: "kubectl", args: ["apply", "-k", kustomize] };
  throw new HelmfileError(`hook[${name}]: either kustomize or filename must be given`, { code: "hook-invalid" });
}
