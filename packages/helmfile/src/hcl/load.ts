import type { Session } from "../session/session.ts";
import { HelmfileError } from "../state/error.ts";
import type { ValueMap } from "../values/mergo.ts";

export function loadHcl(_session: Session, _files: readonly string[]): ValueMap {
  throw new HelmfileError("unsupported: HCL");
}
