import { byteStringToBytes, type GoValue, sortSlice, sprint } from "@tiphys/gotemplate";
import { library } from "@tiphys/gotemplate/sprig";
import { isMap, nested, nestedString } from "../unstructured.ts";

type Fields = ReadonlyMap<string, GoValue>;

/**
 * Sorts the subsets of Endpoints in place, with their addresses and ports: addresses by IP and UID, the rest by a hash of how Go prints it.
 * Mirrors gitops-engine v3.6.1 internal/kubernetes_vendor/pkg/api/v1/endpoints/util.go, SortSubsets.
 */
export function sortSubsets(subsets: Map<string, GoValue>[]): void {
  for (const subset of subsets) {
    for (const field of ["addresses", "notReadyAddresses"]) {
      const list = subset.get(field);
      if (Array.isArray(list)) sortSlice(list, isLessAddress);
    }
    const ports = subset.get("ports");
    if (Array.isArray(ports)) sortByHash(ports, (port) => `(v1.EndpointPort)${portText(port)}`);
  }
  sortByHash(subsets, (subset) => `(v1.EndpointSubset)${subsetText(subset)}`);
}

function isLessAddress(a: GoValue, b: GoValue): boolean {
  const [left, right] = [nestedString(a, "ip"), nestedString(b, "ip")];
  if (left !== right) return left < right;
  if (!isMap(nested(b, "targetRef"))) return false;
  if (!isMap(nested(a, "targetRef"))) return true;
  return nestedString(a, "targetRef", "uid") < nestedString(b, "targetRef", "uid");
}

function sortByHash<T extends GoValue>(items: T[], text: (item: Fields) => string): void {
  const hashes = new Map(items.map((item) => [item, hash(isMap(item) ? text(item) : "")]));
  sortSlice(items, (a, b) => hashes.get(a)! < hashes.get(b)!);
}

/** As a text that compares like its bytes. */
function hash(text: string): string {
  return String.fromCharCode(...library("@noble/hashes/legacy.js").md5(byteStringToBytes(text)));
}

function subsetText(subset: Fields): string {
  return struct([
    ["Addresses", list("v1.EndpointAddress", subset.get("addresses"), addressText)],
    ["NotReadyAddresses", list("v1.EndpointAddress", subset.get("notReadyAddresses"), addressText)],
    ["Ports", list("v1.EndpointPort", subset.get("ports"), portText)],
  ]);
}

function addressText(address: Fields): string {
  const reference = address.get("targetRef");
  return struct([
    ["IP", value("string", address.get("ip"))],
    ["Hostname", value("string", address.get("hostname"))],
    ["NodeName", pointer("string", address.get("nodeName"))],
    ["TargetRef", `(*v1.ObjectReference)${isMap(reference) ? referenceText(reference) : "<nil>"}`],
  ]);
}

function referenceText(reference: Fields): string {
  return struct([
    ["Kind", value("string", reference.get("kind"))],
    ["Namespace", value("string", reference.get("namespace"))],
    ["Name", value("string", reference.get("name"))],
    ["UID", value("types.UID", reference.get("uid"))],
    ["APIVersion", value("string", reference.get("apiVersion"))],
    ["ResourceVersion", value("string", reference.get("resourceVersion"))],
    ["FieldPath", value("string", reference.get("fieldPath"))],
  ]);
}

function portText(port: Fields): string {
  return struct([
    ["Name", value("string", port.get("name"))],
    ["Port", value("int32", port.get("port") ?? 0n)],
    ["Protocol", value("v1.Protocol", port.get("protocol"))],
    ["AppProtocol", pointer("string", port.get("appProtocol"))],
  ]);
}

function struct(fields: readonly (readonly [string, string])[]): string {
  return `{${fields.map(([name, text]) => `${name}:${text}`).join(" ")}}`;
}

function list(type: string, items: GoValue | undefined, text: (item: Fields) => string): string {
  if (!Array.isArray(items)) return `([]${type})<nil>`;
  return `([]${type})[${items.map((item) => text(isMap(item) ? item : new Map())).join(" ")}]`;
}

function value(type: string, item: GoValue | undefined): string {
  return `(${type})${sprint([item ?? ""])}`;
}

function pointer(type: string, item: GoValue | undefined): string {
  return item === undefined || item === null ? `(*${type})<nil>` : value(`*${type}`, item);
}
