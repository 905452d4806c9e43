/**
 * What a reason code means for the move:
 * `stay`: the release stays rendered; `convert`: Tiphys translates it and says how; `person`: it moves, but somebody must look;
 * `blocker`: it does not move until somebody acts (or overrides it in tiphys.yaml).
 */
export type ReasonEffect = "stay" | "convert" | "person" | "blocker";

export interface Reason {
  readonly code: string;
  readonly effect: ReasonEffect;
  /** What it means, one sentence. */
  readonly summary: string;
  /** What Tiphys does. */
  readonly does: string;
  /** What a person must do; "" for nothing. */
  readonly person: string;
}

const table: readonly Reason[] = [
  {
    code: "foundation-tier",
    effect: "stay",
    summary: "The release belongs to a tier whose source is `rendered`.",
    does: "It becomes a component with committed manifests.",
    person: "",
  },
  {
    code: "ships-crds",
    effect: "convert",
    summary: "The chart has a `crds/` folder or templates CustomResourceDefinitions.",
    does: "Argo CD applies them with the rest (`--include-crds`); Helm installed them once and never upgraded them.",
    person: "Check that no other component owns the same CRDs, or set `skipCrds`.",
  },
  {
    code: "helm-test-hooks",
    effect: "convert",
    summary: "The chart has `helm.sh/hook: test` objects, which Argo CD never runs.",
    does:
      "By `releases.NAME.smoke`. `gate` (default where tests are the release's only workloads): they become tracked Jobs, whose health holds the next wave. " +
      "`postsync` (default elsewhere): they run as PostSync hooks, in our own charts by an annotation, for charts of others in a companion component `NAME-smoke` one wave later. `ignore`: nobody runs them.",
    person: "A PostSync hook holds nothing: where the test gated what follows, ask for `smoke: gate`.",
  },
  {
    code: "helm-hooks",
    effect: "convert",
    summary: "The chart has install or upgrade hooks.",
    does: "Argo CD runs them as PreSync and PostSync hooks, on every sync.",
    person: "Make sure that each hook may run again.",
  },
  {
    code: "hooks-only",
    effect: "blocker",
    summary:
      "Every object of the release is an install or upgrade hook: Argo CD reports Synced and may never run them.",
    does: "Nothing until there is one tracked object.",
    person: "Turn the hook into a plain Job, or add one tracked object to the chart.",
  },
  {
    code: "smoke-gate",
    effect: "stay",
    summary: "The release's only workloads are Helm tests, which gate what comes after it.",
    does: "It becomes a component with committed manifests, in which the tests are tracked Jobs; rule `test-hook-gate`.",
    person: "",
  },
  {
    code: "crds-component",
    effect: "convert",
    summary: "tiphys.yaml asks for the chart's `crds/` folder as a component of its own.",
    does: "A rendered component `NAME-crds` one wave earlier holds them, and the release skips them.",
    person: "",
  },
  {
    code: "helmfile-hook",
    effect: "blocker",
    summary: "helmfile runs a command around the release (`hooks:`).",
    does: "Nothing is run. `tiphys migrate --plan -o markdown` shows the command, and a Job to fill in.",
    person:
      "Replace it by a Job in a chart, or see that nothing needs it (a wave starts when what came before is healthy); then list `helmfile-hook` under `releases.NAME.accept` in tiphys.yaml.",
  },
  {
    code: "helmfile-hook-manifests",
    effect: "convert",
    summary: "A hook of helmfile applies manifests of this workspace (`kubectl apply -f`) before or after the release.",
    does: "A rendered component `NAME-presync` or `NAME-postsync`, in a wave before or after the release, holds them; it is proven by itself.",
    person:
      "Objects that name no namespace go to that of the command, else to `default`: check that kubectl's configuration named no other.",
  },
  {
    code: "helmfile-file-hook",
    effect: "person",
    summary: "The release's helmfile runs a command around all of its releases (`hooks:` at the top).",
    does: "Nothing: it belongs to no release, so it holds none up, and Argo CD does not run it.",
    person: "See that nothing needs it any more.",
  },
  {
    code: "sops-secrets",
    effect: "blocker",
    summary: "The release takes values from encrypted files (`secrets:`).",
    does: "Nothing is decrypted, and nothing is written in the clear.",
    person: "Move the values to a Secret that an ExternalSecret fills, and let the chart read that.",
  },
  {
    code: "secret-reference",
    effect: "blocker",
    summary: "A value is a reference into a secret store (`ref+…`).",
    does: "Nothing is fetched, and nothing is written in the clear.",
    person: "Move the value to a Secret that an ExternalSecret fills.",
  },
  {
    code: "exec-in-values",
    effect: "blocker",
    summary: "A value comes from a command (`exec`, `envExec`).",
    does: "Nothing is run.",
    person: "Write the value down, or allow it for this run with --allow-exec.",
  },
  {
    code: "remote-file",
    effect: "blocker",
    summary:
      "A values file of the release or its environment lies at a remote address (`git::…`, `https://…`, `s3://…`).",
    does: "Nothing is fetched: the values in it are not known here.",
    person: "Copy the file into the workspace, and name it there.",
  },
  {
    code: "random-values",
    effect: "blocker",
    summary: "The helmfile makes a value, a name or a version from random data or the clock, anew whenever it runs.",
    does: "Nothing: what Helmfile would apply next is not known, and random data must not come from the seed of a proof.",
    person: "Write the value down, or let a Secret hold it that somebody else fills.",
  },
  {
    code: "values-unreadable",
    effect: "blocker",
    summary: "helmfile itself cannot read the release's values here.",
    does: "Nothing; the diagnostic has helmfile's message and the place.",
    person: "Mend the value file or its path.",
  },
  {
    code: "post-renderer",
    effect: "blocker",
    summary: "Helm's output goes through a program (`postRenderer`).",
    does: "Nothing: Argo CD has no such step.",
    person: "Move the change into the chart, or keep the component rendered.",
  },
  {
    code: "patches",
    effect: "stay",
    summary: "helmfile patches the chart's output (`jsonPatches`, `strategicMergePatches`, `transformers`).",
    does: "It becomes a component with committed manifests, patched as helmfile does it, with the kustomize on PATH.",
    person: "To make it a Helm source, move the patch into the chart or its values.",
  },
  {
    code: "adhoc-dependencies",
    effect: "stay",
    summary: "helmfile adds subcharts to the chart (`dependencies:` of the release).",
    does: "It becomes a component with committed manifests, rendered with those subcharts.",
    person: "To make it a Helm source, add the dependency to the chart's Chart.yaml.",
  },
  {
    code: "not-a-chart",
    effect: "stay",
    summary: "The release's chart is a folder of manifests or a kustomization.",
    does: "It becomes a component with committed manifests, as helmfile makes them; a kustomization needs the kustomize on PATH.",
    person: "",
  },
  {
    code: "force-namespace",
    effect: "stay",
    summary: "helmfile writes one namespace into every object (`forceNamespace`).",
    does: "It becomes a component with committed manifests, with that namespace.",
    person: "To make it a Helm source, let the chart's templates write the namespace.",
  },
  {
    code: "kustomize-wanted",
    effect: "blocker",
    summary: "helmfile makes the release with kustomize, which is not on PATH.",
    does: "The release stays in the inventory, not proven.",
    person: "Install kustomize, and run again.",
  },
  {
    code: "patch-failed",
    effect: "blocker",
    summary:
      "kustomize refuses a patch of the release, or the kustomization that it is made of; so it does for helmfile.",
    does: "Nothing; the diagnostic has kustomize's message.",
    person: "Mend the patch or the kustomization.",
  },
  {
    code: "chart-not-pinned",
    effect: "person",
    summary: "The release names no exact chart version.",
    does: "The version that was rendered is written down.",
    person: "Check that it is the one in use.",
  },
  {
    code: "chart-wanted",
    effect: "blocker",
    summary: "The chart, or one that it depends on, is not here.",
    does: "The release stays in the inventory, not proven; the plan names the chart.",
    person: "Map it to a folder or archive under `charts.overrides` in tiphys.yaml, or run without --offline.",
  },
  {
    code: "repository-elsewhere",
    effect: "person",
    summary: "The chart's repository is declared in another helmfile of the estate, not in the release's own.",
    does: "The address of that name is written down.",
    person: "Check that it is the one that helm uses there.",
  },
  {
    code: "repository-unknown",
    effect: "blocker",
    summary:
      "No helmfile declares the repository that the chart's name begins with, or several do with different addresses.",
    does: "Nothing: Argo CD needs the address.",
    person: "Declare it under `repositories:` of the release's helmfile.",
  },
  {
    code: "chart-stand-in",
    effect: "person",
    summary: "`charts.overrides` gives the chart in another version than the one that the release asks for.",
    does: "The version that was asked for is written down; the proof is about the one that is here.",
    person: "Prove again with the right chart before Argo CD takes it.",
  },
  {
    code: "chart-tgz",
    effect: "convert",
    summary: "The chart is a committed archive, which the repo server does not read.",
    does: "It is unpacked into sources/charts.",
    person: "",
  },
  {
    code: "chart-outside-gitops",
    effect: "convert",
    summary: "The chart lies outside the GitOps folder.",
    does: "It is copied into sources/charts.",
    person: "Delete the old copy when nothing uses it any more.",
  },
  {
    code: "chart-invalid",
    effect: "blocker",
    summary: "The chart cannot be loaded or rendered.",
    does: "Nothing.",
    person: "Mend the chart; the diagnostic has the place.",
  },
  {
    code: "lookup",
    effect: "person",
    summary: "A template calls `lookup`, which is empty under Argo CD as under `helm template`.",
    does: "Both sides of the proof see nothing.",
    person: "Check what the chart does on an empty answer: helm upgrade saw the cluster.",
  },
  {
    code: "random-data",
    effect: "person",
    summary: "A template makes random data (passwords, certificates), new on every Argo CD render.",
    does: "Both sides of the proof are seeded alike.",
    person: "Give the value by a Secret that exists, or the Application never becomes Synced.",
  },
  {
    code: "random-data-in-git",
    effect: "blocker",
    summary: "The release would become committed manifests, and a template makes random data or shows the time.",
    does: "Nothing: a password or key of the proof's seed, which everybody can make again, must not be committed, nor a time that stands still.",
    person: "Give the value by a Secret that exists, or make the release a Helm source (`releases.NAME.source: helm`).",
  },
  {
    code: "installed-by-template",
    effect: "convert",
    summary: "Whether the release is installed differs between environments.",
    does: "The component exists only where it is installed; elsewhere nothing is written.",
    person: "",
  },
  {
    code: "disabled-everywhere",
    effect: "convert",
    summary: "The release is installed in no environment.",
    does: "It is parked as component.disabled.yaml.",
    person: "",
  },
  {
    code: "create-namespace",
    effect: "convert",
    summary: "helmfile lets Helm create the namespace.",
    does: "The component gets syncOptions CreateNamespace=true.",
    person: "",
  },
  {
    code: "set-values",
    effect: "convert",
    summary: "Values come from `set`.",
    does: "They are written into the value files.",
    person: "",
  },
  {
    code: "set-file",
    effect: "convert",
    summary: "A value is the content of a file (`set` with `file`).",
    does: "The content is written into the value files.",
    person: "",
  },
  {
    code: "gotmpl-values",
    effect: "convert",
    summary: "Values come from templates (`.gotmpl`) or from helmfile's own state.",
    does: "Their results are written down, with a comment that says where from.",
    person: "",
  },
  {
    code: "environment-variable",
    effect: "person",
    summary: "A value may depend on an environment variable.",
    does: "What holds here is written down, also where the variable is not set.",
    person:
      "Check that it is right for every environment; give variables with `--env NAME=VALUE` or `environments.NAME.env` in tiphys.yaml.",
  },
  {
    code: "secret-variable",
    effect: "blocker",
    summary: "A value may depend on an environment variable that is called as secrets are (`…_TOKEN`, `…_PASSWORD`).",
    does: "Nothing is written in the clear.",
    person:
      "Move the value to a Secret that an ExternalSecret fills; where it is no secret, list `secret-variable` under `releases.NAME.accept` in tiphys.yaml.",
  },
  {
    code: "already-migrated",
    effect: "convert",
    summary: "A component for this release exists.",
    does: "It is kept; its chart and values are brought up to date.",
    person: "",
  },
];

/** Every reason code, in the order of the manual. */
export const reasons: ReadonlyMap<string, Reason> = new Map(table.map((reason) => [reason.code, reason]));

/** One reason as found at a release. `detail` completes the code: `helmfile-hook:presync`. */
export interface FoundReason {
  readonly code: string;
  readonly detail?: string;
}

/** `helmfile-hook:presync`. */
export function reasonText(found: FoundReason): string {
  return found.detail === undefined ? found.code : `${found.code}:${found.detail}`;
}

/** The same for several, with the details of one code together: `helmfile-hook:presync,postsync`. */
export function reasonTexts(found: readonly FoundReason[]): string[] {
  return groupReasonTexts(found.map(reasonText));
}

/** `reasonTexts` of what `reasonText` made. */
export function groupReasonTexts(texts: readonly string[]): string[] {
  const details = new Map<string, string[]>();
  for (const text of texts) {
    const [code = "", ...detail] = text.split(":");
    details.set(code, [...(details.get(code) ?? []), ...(detail.length === 0 ? [] : [detail.join(":")])]);
  }
  return [...details].map(([code, all]) => (all.length === 0 ? code : `${code}:${all.join(",")}`));
}

export function reasonEffect(found: FoundReason): ReasonEffect {
  const reason = reasons.get(found.code);
  if (reason === undefined) throw new Error(`no such reason code: ${found.code}`);
  return reason.effect;
}
