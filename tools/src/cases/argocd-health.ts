import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  resourceHealth,
  resourceOverrides,
  shippedHealthScripts,
  type ResourceHealth,
  type ShippedHealthScripts,
} from "@tiphys/argocd";
import { fromByteString } from "@tiphys/gotemplate";
import type { CaseRunner } from "./case.ts";
import { differences } from "./difference.ts";
import { FolderTree } from "./folder-tree.ts";
import { readObject, readPlain } from "./kubernetes-objects.ts";

/** Scripts run as on this day, so that a verdict does not depend on when a case runs. */
export const healthCaseTime = Date.UTC(2026, 0, 1);

let shipped: ShippedHealthScripts | undefined | null = null;

/**
 * Argo CD's own scripts: below TIPHYS_ARGOCD, else in Go's module cache, where Argo CD's module is put for the test. undefined: nowhere.
 */
export function argocdHealthScripts(): ShippedHealthScripts | undefined {
  if (shipped !== null) return shipped;
  const folder = argocdCheckout();
  shipped = folder === undefined ? undefined : shippedHealthScripts(new FolderTree(folder));
  return shipped;
}

let named: string | undefined;

/** Takes Argo CD's scripts from this checkout instead. */
export function useArgocdCheckout(folder: string): void {
  named = folder;
  shipped = null;
}

/** A checkout of Argo CD that has health scripts; undefined when there is none. */
export function argocdCheckout(): string | undefined {
  const wanted = named ?? process.env["TIPHYS_ARGOCD"];
  if (wanted !== undefined) return existsSync(join(wanted, "resource_customizations")) ? wanted : undefined;
  const modules = moduleCache();
  if (modules === undefined) return undefined;
  const folder = join(modules, "github.com", "argoproj", "argo-cd", "v3@v3.6.1");
  return existsSync(join(folder, "resource_customizations")) ? folder : undefined;
}

function moduleCache(): string | undefined {
  try {
    return (
      execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() ||
      undefined
    );
  } catch {
    const home = process.env["HOME"];
    const folder = home === undefined ? undefined : join(home, "go", "pkg", "mod");
    return folder !== undefined &&
      existsSync(folder) &&
      statSync(folder).isDirectory() &&
      readdirSync(folder).length > 0
      ? folder
      : undefined;
  }
}

/** Cases of the form `object.yaml`, optional `argocd-cm.yaml`, wanted verdict. */
export const argocdHealthRunner: CaseRunner = {
  name: "argocd-health",
  matches: (folder) => existsSync(join(folder, "object.yaml")) && existsSync(join(folder, "expected.yaml")),
  run(folder) {
    const object = readObject(folder, "object.yaml");
    if (object === undefined) return { verdict: "crashed", detail: "object.yaml holds no object" };
    const scripts = argocdHealthScripts();
    const verdict = resourceHealth(object, {
      now: healthCaseTime,
      overrides: resourceOverrides(readObject(folder, "argocd-cm.yaml")),
      ...(scripts !== undefined && { shipped: scripts }),
    });
    if (verdict.unsupported !== undefined) return { verdict: "unsupported", detail: verdict.unsupported };
    const actual = recorded(verdict);
    const expected = readPlain(folder, "expected.yaml");
    const found = differences(actual, expected);
    return { verdict: found.length === 0 ? "equal" : "different", detail: found.join("\n"), actual, expected };
  },
};

function recorded({ health, error }: ResourceHealth): Record<string, unknown> {
  const { status = "", message = "", deletionMessage = "" } = health ?? {};
  const fields = {
    ...(status !== "" && { status }),
    ...(message !== "" && { message: fromByteString(message) }),
    ...(deletionMessage !== "" && { deletionMessage: fromByteString(deletionMessage) }),
  };
  return { health: health === undefined ? null : fields, ...(error !== undefined && { error: fromByteString(error) }) };
}
