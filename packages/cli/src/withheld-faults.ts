import type { WithheldPlace } from "@tiphys/helmfile";
import type { Diagnostic, Origin } from "@tiphys/source";
import { pathText } from "./value-origins.ts";

interface Words {
  readonly happened: string;
  readonly fix: string;
}

const words: ReadonlyMap<string, Words> = new Map([
  [
    "exec-in-values",
    { happened: "was not run", fix: "allow it for this run with --allow-exec, or write the value down" },
  ],
  [
    "secret-reference",
    { happened: "was not fetched", fix: "nothing fetches it here; docs/reasons.md says what becomes of it" },
  ],
  ["sops-secrets", { happened: "was not decrypted", fix: "decrypt it for this run with --secrets sops" }],
  ["remote-file", { happened: "was not fetched", fix: "copy it into the workspace, and name it there" }],
]);

/**
 * A warning for each command, reference and file that a release waits for. Markers stand in their places, those of secrets only where
 * `marksSecrets`; nothing stands for a remote file, so one that is lacking is an error.
 */
export function withheldFaults(
  {
    name,
    origin,
    withheld,
  }: { readonly name: string; readonly origin: Origin; readonly withheld: readonly WithheldPlace[] },
  { marksSecrets }: { readonly marksSecrets: boolean },
): Diagnostic[] {
  return withheld.map((place): Diagnostic => {
    const { happened, fix } = words.get(place.code) ?? { happened: "was withheld", fix: "" };
    const paths = place.paths.map(pathText);
    const waits = paths.length === 0 ? "waits for it" : `lacks ${listed(paths)}`;
    const isMarked = place.code !== "remote-file" && (marksSecrets || place.code !== "sops-secrets");
    return {
      code: place.code,
      severity: place.code === "remote-file" ? "error" : "warning",
      message: `${place.what} ${happened}: release ${name} ${waits}${isMarked ? `; ${place.marker} stands for it` : ""}`,
      // The line of a secrets file that is not encrypted must not be shown.
      origin: (place.code === "sops-secrets" || place.code === "remote-file" ? undefined : place.origin) ?? origin,
      ...(fix === "" ? {} : { fix }),
    };
  });
}

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).join(", ");
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}
