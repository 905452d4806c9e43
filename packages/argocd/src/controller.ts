import { fromByteString, type GoValue, quoteGo } from "@tiphys/gotemplate";
import { inClusterName, inClusterServer, type ClusterSecret } from "./generators/clusters.ts";
import { nameOf, nestedString } from "./unstructured.ts";

/** What the controller makes of generated Applications where it does not create all of them. */
export interface ControllerVerdict {
  /** Names of those that it creates, sorted; UTF-16 like the message. */
  readonly created: readonly string[];
  /** The message of the condition ErrorOccurred. */
  readonly message: string;
}

/** A generated Application that is not created, and why. */
export interface RefusedApplication {
  /** Position among the generated ones. */
  readonly index: number;
  /** Of two Applications with one name both are refused; the project or cluster may only be unknown here. */
  readonly reason: "name" | "project" | "destination";
  /** Argo CD's text, UTF-16. */
  readonly message: string;
}

export interface ControllerInput {
  /** The ApplicationSet's name. */
  readonly name: string;
  readonly applications: readonly Map<string, GoValue>[];
  readonly projects: ReadonlySet<string>;
  readonly clusters: readonly ClusterSecret[];
}

/**
 * validateGeneratedApplications and what follows (applicationset/controllers/applicationset_controller.go): Applications without a
 * name, with a name that another has, of a project or for a cluster that does not exist are left out. undefined when all is well.
 */
export function validateApplications(
  input: ControllerInput,
): (ControllerVerdict & { readonly refused: readonly RefusedApplication[] }) | undefined {
  const errors = new Map<string, Fault>();
  const names = new Set<string>();
  const clusters = clusterNames(input.clusters);
  for (const application of input.applications) {
    const fault = applicationFault(application, input, names, clusters);
    if (fault !== undefined) errors.set(nameOf(application), fault);
  }
  if (errors.size === 0) return undefined;
  const last = [...errors.keys()].sort().at(-1)!;
  const message = errors.get(last)!.message + (errors.size > 1 ? ` (and ${errors.size - 1} more)` : "");
  const created = input.applications.map(nameOf).filter((name) => !errors.has(name));
  const refused = input.applications.flatMap((application, index) => {
    const fault = errors.get(nameOf(application));
    return fault === undefined ? [] : [{ index, reason: fault.reason, message: fromByteString(fault.message) }];
  });
  return { created: created.sort().map(fromByteString), message: fromByteString(message), refused };
}

interface Fault {
  readonly reason: RefusedApplication["reason"];
  readonly message: string;
}

function applicationFault(
  application: Map<string, GoValue>,
  { name: set, projects }: ControllerInput,
  names: Set<string>,
  clusters: ReadonlyMap<string, string>,
): Fault | undefined {
  const name = nameOf(application);
  const of = (reason: Fault["reason"], message: string): Fault => ({ reason, message });
  if (name === "") {
    return of(
      "name",
      `ApplicationSet ${set} contains an application with no name; a name must be set in the template's metadata.name or via a templatePatch (generateName is not supported)`,
    );
  }
  if (names.has(name)) return of("name", `ApplicationSet ${set} contains applications with duplicate name: ${name}`);
  names.add(name);
  const project = nestedString(application, "spec", "project");
  if (!projects.has(project)) return of("project", `application references project ${project} which does not exist`);
  const fault = destinationFault(application, clusters);
  return fault === undefined ? undefined : of("destination", `application destination spec is invalid: ${fault}`);
}

/** Server → name; the cluster that Argo CD runs in is always known. */
function clusterNames(secrets: readonly ClusterSecret[]): Map<string, string> {
  const names = new Map([[inClusterServer, inClusterName]]);
  for (const { data } of secrets) names.set(data.get("server") ?? "", data.get("name") ?? "");
  return names;
}

/** util/argo/argo.go, GetDestinationCluster. */
function destinationFault(
  application: Map<string, GoValue>,
  clusters: ReadonlyMap<string, string>,
): string | undefined {
  const server = nestedString(application, "spec", "destination", "server");
  const name = nestedString(application, "spec", "destination", "name");
  if (name !== "" && server !== "")
    return `application destination can't have both name and server defined: ${name} ${server}`;
  if (server !== "") {
    const trimmed = server.replace(/\/+$/, "");
    if (clusters.has(trimmed)) return undefined;
    return `error getting cluster by server ${quoteGo(server)}: rpc error: code = NotFound desc = cluster ${quoteGo(trimmed)} not found`;
  }
  if (name === "") return "Destination server missing from app spec";
  const servers = [...clusters].filter(([, known]) => known === name).map(([known]) => known);
  if (servers.length === 0) return `there are no clusters with this name: ${name}`;
  if (servers.length === 1) return undefined;
  return `there are ${servers.length} clusters with the same name: [${servers.sort().join(" ")}]`;
}
