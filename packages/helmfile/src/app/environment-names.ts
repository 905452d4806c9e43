import { fromByteString } from "@tiphys/gotemplate";
import { dirOf } from "../files/filepath.ts";
import { isUserFault, UndefinedEnvironmentError } from "../state/error.ts";
import { StateLoader } from "../state/loader.ts";
import type { HelmfileOptions } from "./options.ts";
import { startRun } from "./options.ts";

/**
 * The environments that a state file defines with its bases, in its order; those that were read before a fault, which is not told. Nothing is
 * run. `default` is among them only when it is written down. Templates see the environment of the options, else `default`: a file may name
 * its environments after it.
 */
export function environmentNames(options: HelmfileOptions): string[] {
  const run = startRun({ ...options, environment: options.environment ?? "default" });
  const { workspace } = run.session;
  const names = new Set<string>();
  const onEnvironments = (found: readonly string[]): void => found.forEach((name) => names.add(fromByteString(name)));
  try {
    workspace.within(workspace.absolute(dirOf(run.file)), () =>
      new StateLoader({ ...run.settings, onEnvironments }, "").load(run.file, {
        selectors: [],
        overrideValues: [],
        cliSetValues: undefined,
        calleePath: run.file,
        inherited: undefined,
        parentRepositories: [],
      }),
    );
  } catch (error) {
    if (!isUserFault(error) && !(error instanceof UndefinedEnvironmentError)) throw error;
  }
  return [...names];
}
