import { quoteGo } from "@tiphys/gotemplate";
import { ArgoError } from "../fault.ts";

/**
 * A cluster's version as bare numbers: `v1.33.1+k3s1` becomes `1.33.1`. Throws `ArgoError`.
 * Upstream: k8s.io/apimachinery pkg/util/version ParseGeneric.
 */
export function parseKubeVersion(version: string): string {
  if (version === "") return "";
  const match = /^\s*v?([0-9]+(?:\.[0-9]+)*)(.*)*$/s.exec(version);
  const fail = (text: string): never => {
    throw new ArgoError(`could not parse kubernetes version ${version}: ${text}`);
  };
  if (match === null) return fail(`could not parse ${quoteGo(version)} as version`);
  const numbers = (match[1] as string).split(".");
  if (numbers.length < 2) return fail(`illegal version string ${quoteGo(version)}`);
  if (/^0./.test(numbers[0] as string))
    return fail(`illegal zero-prefixed version component ${quoteGo(numbers[0] as string)} in ${quoteGo(version)}`);
  return numbers.map((number) => String(Number(number))).join(".");
}
