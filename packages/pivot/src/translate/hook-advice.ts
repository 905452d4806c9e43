import type { HelmfileHook } from "@tiphys/helmfile";
import type { Origin } from "@tiphys/source";
import type { InventoryRelease } from "../inventory-model.ts";

/** A command that helmfile runs around a release, and what a person can do about it. */
export interface HookAdvice {
  readonly event: string;
  /** As helmfile runs it; as written where it differs between environments or is not known. */
  readonly command: string;
  readonly origin: Origin;
  /** One sentence. */
  readonly advice: string;
  /** A Job to fill in, as YAML text; "" where a Job is no answer. */
  readonly job: string;
}

/** One entry for each command of a release's hooks that Tiphys does not translate, and each event. */
export function hookAdvice(release: InventoryRelease): HookAdvice[] {
  const found = new Map<string, { event: string; hook: HelmfileHook; lines: Set<string> }>();
  for (const { hookCommands } of release.occurrences) {
    for (const { event, hook } of hookCommands) {
      const key = `${event}\0${hook.origin.file}:${hook.origin.line ?? 0}\0${hook.written.join(" ")}`;
      const known = found.get(key) ?? { event, hook, lines: new Set() };
      known.lines.add(commandLine(hook.words.get(event)) ?? hook.written.join(" "));
      found.set(key, known);
    }
  }
  return [...found.values()].map(({ event, hook, lines }) => {
    const [only] = lines;
    const command = lines.size === 1 ? only! : hook.written.join(" ");
    return { event, command, origin: hook.origin, ...answer(release, event, hook) };
  });
}

function answer(release: InventoryRelease, event: string, hook: HelmfileHook): Pick<HookAdvice, "advice" | "job"> {
  const words = hook.words.get(event) ?? [];
  switch (event) {
    case "prepare":
      return {
        advice:
          "It runs before helmfile reads the chart, for every command. What it makes on disk must be committed; what it checks belongs into a pipeline.",
        job: "",
      };
    case "cleanup":
      return { advice: "It runs after every command of helmfile, and has nothing to clean up any more.", job: "" };
    case "preuninstall":
    case "postuninstall":
      return {
        advice: "It runs only when the release is uninstalled; an Application may have PreDelete and PostDelete hooks.",
        job: "",
      };
    default:
      break;
  }
  if (waits(words))
    return {
      advice:
        "It only waits: a wave starts when everything before it is healthy. Where that is enough, accept the hook.",
      job: "",
    };
  return {
    advice: `Where it is still needed, a Job does it in the cluster, as a ${argocdHook(event)} hook of the chart:`,
    job: jobSkeleton(release, event, words.length > 0 ? words : hook.written),
  };
}

/** Commands that look and wait, and change nothing. */
function waits([program = "", ...rest]: readonly string[]): boolean {
  const name = program.split("/").at(-1)!;
  if (name === "sleep" || name === "true") return true;
  if (name !== "kubectl") return /^wait(?:-|_|$)/.test(name);
  return rest.includes("wait") || (rest.includes("rollout") && rest.includes("status"));
}

function argocdHook(event: string): string {
  return event === "postsync" ? "PostSync" : "PreSync";
}

function commandLine(words: readonly string[] | undefined): string | undefined {
  return words?.map((word) => (/^[\w./:=,@%+-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
}

function jobSkeleton({ name, namespace }: InventoryRelease, event: string, words: readonly string[]): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}-${event}
  namespace: ${namespace === "" ? "default" : namespace}
  annotations:
    argocd.argoproj.io/hook: ${argocdHook(event)}
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
spec:
  backoffLimit: 3
  activeDeadlineSeconds: 600
  template:
    spec:
      restartPolicy: Never
      serviceAccountName: FILL-IN
      containers:
        - name: ${event}
          image: FILL-IN
          command: ${JSON.stringify(words)}
`;
}
