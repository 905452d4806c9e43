import { expect, test } from "vitest";
import { MemoryTree } from "@tiphys/source";
import { environmentSettings } from "@tiphys/estate";
import { takeInventory } from "../inventory.ts";
import { hookAdvice } from "./hook-advice.ts";

function advice(hooks: string, environments = ["dev"]): ReturnType<typeof hookAdvice> {
  const text = `environments:\n${environments.map((name) => `  ${name}: {}\n`).join("")}---\nreleases:\n  - name: web\n    namespace: shop\n    chart: ./web\n    hooks:\n${hooks}`;
  const { releases } = takeInventory({
    tree: new MemoryTree([["helmfile.yaml", new TextEncoder().encode(text)]]),
    helmfile: "helmfile.yaml",
    environments: environments.map((name) => environmentSettings(name)),
  });
  return hookAdvice(releases[0]!);
}

test("a command becomes a Job to fill in, with the words as helmfile renders them", () => {
  const [only, ...others] = advice(
    '      - events: [postsync]\n        command: ./seed.sh\n        args: ["{{ .Release.Name }}", "{{ .Event.Name }}", "two words"]\n',
  );
  expect(others).toEqual([]);
  expect(only).toMatchObject({
    event: "postsync",
    command: './seed.sh web postsync "two words"',
    origin: { file: "helmfile.yaml", line: 9 },
  });
  expect(only!.job).toContain("name: web-postsync\n  namespace: shop\n");
  expect(only!.job).toContain("argocd.argoproj.io/hook: PostSync\n");
  expect(only!.job).toContain('command: ["./seed.sh","web","postsync","two words"]\n');
});

test("what a command would have to say stays as written", () => {
  const [only] = advice(
    "      - events: [presync]\n        command: ./seed.sh\n        args: ['{{ exec \"pwd\" (list) }}']\n",
  );
  expect(only!.command).toBe('./seed.sh {{ exec "pwd" (list) }}');
  expect(only!.job).toContain('command: ["./seed.sh","{{ exec \\"pwd\\" (list) }}"]\n');
});

test("what differs between environments is shown as written, once", () => {
  const found = advice(
    '      - events: [presync]\n        command: ./seed.sh\n        args: ["{{ .Environment.Name }}"]\n',
    ["dev", "prod"],
  );
  expect(found.map(({ command }) => command)).toEqual(["./seed.sh {{ .Environment.Name }}"]);
});

test.each([
  ["presync", "kubectl, args: [wait, --for=condition=Ready, pod/x]", /It only waits/],
  ["presync", "kubectl, args: [-n, x, rollout, status, deployment/x]", /It only waits/],
  ["presync", "../scripts/wait-for-crd.sh, args: [x]", /It only waits/],
  ["prepare", "./make.sh", /before helmfile reads the chart/],
  ["cleanup", "./sweep.sh", /after every command/],
  ["preuninstall", "./dump.sh", /only when the release is uninstalled/],
])("%s of %s asks for no Job", (event, command, text) => {
  const [only] = advice(`      - { events: [${event}], command: ${command} }\n`);
  expect(only!.advice).toMatch(text);
  expect(only!.job).toBe("");
});
