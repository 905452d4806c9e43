import { existsSync } from "node:fs";
import { join } from "node:path";
import { findHelmfile } from "@tiphys/estate";
import { byteStringToBytes, toByteString } from "@tiphys/gotemplate";
import { helmfileEnvironments, yamlString } from "@tiphys/pivot";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import { addWorkspaceOptions, workspaceOptions } from "../options.ts";
import { reportDiagnostics } from "../reporters/diagnostics.ts";
import { version } from "../version.ts";
import type { Workspace } from "../workspace.ts";
import { openWorkspace } from "../workspace.ts";
import { writeFiles } from "../write/journal.ts";

/** `tiphys init`: a tiphys.yaml for a workspace that has none, and the CI workflow that keeps the pivot. */
export const command: CommandModule = {
  configure(command) {
    addWorkspaceOptions(command, ["text"])
      .option("--github", "also a GitHub workflow: freeze, guard, appsets and prove on every pull request")
      .option("--gitlab", "also the same as GitLab jobs, to be included from .gitlab-ci.yml")
      .option("--write", "write the files")
      .addHelpText("after", "\nFiles that exist stay as they are.");
  },
  run: init,
};

async function init(run: CommandRun): Promise<number> {
  const { io } = run;
  const workspace = openWorkspace(io, workspaceOptions(run));
  reportDiagnostics(workspace.diagnostics, io, workspace.tree);
  const wanted: [string, string][] = [];
  if (!workspace.estateFile.present) wanted.push(["tiphys.yaml", estateText(workspace)]);
  if (run.options["github"] === true) wanted.push([".github/workflows/tiphys.yaml", githubWorkflow]);
  if (run.options["gitlab"] === true) wanted.push([".gitlab/tiphys.yaml", gitlabJobs]);
  const files = wanted.filter(([path]) => !existsSync(join(workspace.root, path)));
  for (const [path, text] of wanted)
    io.stdout.write(
      files.some(([name]) => name === path)
        ? `+ ${path}\n${text.replace(/^/gm, "    ").trimEnd()}\n`
        : `  ${path} is there already\n`,
    );
  if (wanted.length === 0) io.stdout.write("tiphys.yaml is there already; --github and --gitlab write CI files\n");
  if (run.options["write"] !== true) {
    if (files.length > 0) io.stderr.write("nothing was written: add --write\n");
    return 0;
  }
  writeFiles(
    workspace.root,
    files.map(([path, text]) => ({ path, content: byteStringToBytes(toByteString(text)) })),
  );
  io.stderr.write(`wrote ${files.length} files below ${workspace.root}\n`);
  return 0;
}

/** What can be found out stands there; what only a person knows is marked. */
function estateText({ root, tree, estateFile }: Workspace): string {
  const found = findHelmfile(tree, estateFile);
  if (found.path === undefined)
    throw new UserError(
      `error: ${found.diagnostics[0]?.message ?? `no helmfile was found below ${root}`}\n  fix: name the workspace with --path`,
    );
  const environments = helmfileEnvironments(tree, found.path);
  const names = environments.length === 0 ? ["default"] : environments;
  const line = (name: string): string => {
    const note =
      name === "default" && names.length > 1
        ? "  # What helmfile takes without --environment; leave it out if nothing is installed with it.\n"
        : "";
    return `${note}  ${yamlString(name)}: { values: [_shared, ${yamlString(name)}], helmfile: ${yamlString(name)} }\n`;
  };
  return `# yaml-language-server: $schema=https://tiphys.dev/schemas/v1alpha1/estate.schema.json
apiVersion: tiphys.dev/v1alpha1
kind: Estate
helmfile: ${yamlString(found.path)}
gitops:
  root: gitops
  # The repository that Argo CD reads the folder above from.
  repoURL: https://git.example/platform/gitops.git
  targetRevision: main
environments:
${names.map(line).join("")}argocd: { version: "3.6" }
`;
}

const program = `npx --yes tiphys@${version}`;

const githubWorkflow = `# Written by \`tiphys init --github\`: keeps Helmfile render-only and GitOps equal to what was proven.
name: tiphys
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
  security-events: write
jobs:
  pivot:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - name: Helmfile is render-only
        run: ${program} freeze --check
      - name: Nothing applies Helmfile, and nothing has drifted
        run: ${program} guard -o github
      - name: ApplicationSets are as the components ask
        run: ${program} appsets --check
      - name: Helmfile and Argo CD apply the same
        run: ${program} prove -o markdown | tee -a "$GITHUB_STEP_SUMMARY"
        shell: bash
      - name: Where the pivot stands
        if: always()
        run: ${program} status -o markdown | tee -a "$GITHUB_STEP_SUMMARY"
        shell: bash
`;

const gitlabJobs = `# Written by \`tiphys init --gitlab\`. In .gitlab-ci.yml: include: { local: .gitlab/tiphys.yaml }
tiphys:
  image: node:22
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - ${program} freeze --check
    - ${program} guard
    - ${program} appsets --check
    - ${program} prove -o markdown > proof.md || { cat proof.md; exit 1; }
    - ${program} status
  artifacts:
    when: always
    paths: [proof.md]
`;
