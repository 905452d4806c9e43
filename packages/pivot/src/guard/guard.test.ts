import { expect, test } from "vitest";
import { MemoryTree } from "@tiphys/source";
import { guard, planGuard } from "./guard.ts";

const findings = (files: Record<string, string>): string[] =>
  guard({
    tree: new MemoryTree(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const)),
    migratedReleases: new Set(["gateway"]),
    manifestFolders: ["gitops/platform/environments"],
  }).map(({ code, origin }) => `${origin?.file}:${origin?.line}:${origin?.column} ${code}`);

test.each([
  ["scripts/up.sh", "#!/bin/sh\nset -e\nhelmfile -f x.yaml -e dev sync\n", ["scripts/up.sh:3:1 guard-helmfile-apply"]],
  ["scripts/up.sh", "helmfile \\\n  -e dev \\\n  apply\n", ["scripts/up.sh:1:1 guard-helmfile-apply"]],
  ["Makefile", "up:\n\t@helmfile -l name=x destroy\n", ["Makefile:2:2 guard-helmfile-apply"]],
  ["Makefile", "up:\n\t$(HELMFILE) --environment dev sync\n", ["Makefile:2:2 guard-helmfile-apply"]],
  [
    ".github/workflows/x.yaml",
    "      - run: cd infra && helmfile -e prod apply\n",
    [".github/workflows/x.yaml:1:26 guard-helmfile-apply"],
  ],
  ["Dockerfile", 'CMD ["helmfile", "-e", "dev", "sync"]\n', ["Dockerfile:1:7 guard-helmfile-apply"]],
  ["Tiltfile", "local('helmfile -e local sync')\n", ["Tiltfile:1:8 guard-helmfile-apply"]],
  ["package.json", '{"scripts": {"up": "helmfile sync"}}\n', ["package.json:1:21 guard-helmfile-apply"]],
  ["a.sh", "helm upgrade --install gateway charts/gateway\n", ["a.sh:1:1 guard-helm-release"]],
  ["a.sh", "helm upgrade --install other charts/other\n", []],
  [
    "a.sh",
    "kubectl apply -f gitops/platform/environments/dev/components/x/manifests.yaml\n",
    ["a.sh:1:1 guard-kubectl-apply"],
  ],
  ["a.sh", "kubectl -n x apply -f debug/pod.yaml\n", []],
  ["a.sh", "helmfile -e dev template\nhelmfile diff # then sync\n", []],
  ["a.sh", "# helmfile sync\n", []],
  ["README.md", "run helmfile sync\n", []],
  ["a.sh", "helmfile sync # tiphys:allow guard-helmfile-apply because the bootstrap cluster has no Argo CD\n", []],
  ["a.sh", "# tiphys:allow guard-helmfile-apply\nhelmfile sync\n", ["a.sh:2:1 guard-allow-without-reason"]],
])("%s: %j", (file, text, expected) => {
  expect(findings({ [file]: text })).toEqual(expected);
});

test.each([
  [
    "scripts/up.sh",
    "#!/bin/sh\r\n  helmfile -e dev sync && helmfile -f x.yaml apply --wait\r\n",
    "#!/bin/sh\r\n  helmfile -e dev template && helmfile -f x.yaml template --wait\r\n",
  ],
  ["scripts/up.sh", "helmfile \\\n  -e dev \\\n  apply\n", "helmfile \\\n  -e dev \\\n  template\n"],
  [
    "Dockerfile",
    'CMD ["helmfile", "-e", "dev", "sync"] # größer\n',
    'CMD ["helmfile", "-e", "dev", "template"] # größer\n',
  ],
  ["Makefile", "up:\n\t@$(HELMFILE) destroy\n", "up:\n\t@$(HELMFILE) template\n"],
])("%s: %j renders after --write", (file, text, expected) => {
  const context = {
    tree: new MemoryTree([[file, new TextEncoder().encode(text)]]),
    migratedReleases: new Set<string>(),
    manifestFolders: [],
  };
  const [planned] = planGuard(context);
  expect(new TextDecoder().decode(planned!.content)).toBe(expected);
  expect(guard({ ...context, tree: new MemoryTree([[file, planned!.content]]) })).toEqual([]);
});

test("--write leaves calls that are allowed, and those of helm and kubectl", () => {
  const text =
    "helmfile sync # tiphys:allow guard-helmfile-apply because there is no Argo CD yet\nhelm upgrade gateway x\n";
  expect(
    planGuard({
      tree: new MemoryTree([["a.sh", new TextEncoder().encode(text)]]),
      migratedReleases: new Set(["gateway"]),
      manifestFolders: [],
    }),
  ).toEqual([]);
});
