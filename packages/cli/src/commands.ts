import type { CommandEntry } from "./command.ts";

/** Every command, in the order in which `--help` lists them. A command's module is loaded only when it runs. */
export const commands: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "write tiphys.yaml, and the CI workflow that keeps the pivot",
    load: async () => (await import("./commands/init.ts")).command,
  },
  {
    name: "inventory",
    summary: "every release and environment: layer, chart, class and why",
    load: async () => (await import("./commands/inventory.ts")).command,
  },
  {
    name: "values",
    summary: "effective values of a release, with their origins",
    load: async () => (await import("./commands/values.ts")).command,
  },
  {
    name: "template",
    summary: "drop-in for helm template",
    load: async () => (await import("./commands/template.ts")).command,
  },
  {
    name: "deps",
    summary: "drop-in for helm dependency build, update and list",
    load: async () => (await import("./commands/deps.ts")).command,
  },
  {
    name: "freeze",
    summary: "mark the helmfiles render-only",
    load: async () => (await import("./commands/freeze.ts")).command,
  },
  {
    name: "guard",
    summary: "find calls that would apply what Argo CD owns",
    load: async () => (await import("./commands/guard.ts")).command,
  },
  {
    name: "render",
    summary: "what Argo CD would apply, or Helmfile with --helmfile",
    load: async () => (await import("./commands/render.ts")).command,
  },
  {
    name: "migrate",
    summary: "plan the move of layers or releases to Argo CD; --write does it",
    load: async () => (await import("./commands/migrate.ts")).command,
  },
  {
    name: "appsets",
    summary: "write the ApplicationSets and AppProjects from the components",
    load: async () => (await import("./commands/appsets.ts")).command,
  },
  {
    name: "apps",
    summary: "expand ApplicationSets offline",
    load: async () => (await import("./commands/apps.ts")).command,
  },
  {
    name: "diff",
    summary: "what a sync would change: against live objects or a Git revision",
    load: async () => (await import("./commands/diff.ts")).command,
  },
  {
    name: "check",
    summary: "all rules over Argo CD's side",
    load: async () => (await import("./commands/check.ts")).command,
  },
  {
    name: "waves",
    summary: "the order of a rollout, of one Application's sync, or of helmfile's needs",
    load: async () => (await import("./commands/waves.ts")).command,
  },
  {
    name: "prove",
    summary: "compare what Helmfile and Argo CD would apply, release by release",
    load: async () => (await import("./commands/prove.ts")).command,
  },
  {
    name: "health",
    summary: "Argo CD's health verdict on stored objects; unit tests of health checks",
    load: async () => (await import("./commands/health.ts")).command,
  },
  {
    name: "status",
    summary: "the pivot's definition of done, with evidence",
    load: async () => (await import("./commands/status.ts")).command,
  },
  {
    name: "completion",
    summary: "completion for bash, zsh or fish",
    load: async () => (await import("./commands/completion.ts")).completionOf(commands),
  },
];
