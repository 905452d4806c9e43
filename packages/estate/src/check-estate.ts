import type { Diagnostic } from "@tiphys/source";
import { estateRules } from "./rules/all-rules.ts";
import type { RuleContext } from "./rules/rule.ts";

/** Findings of every rule over one environment, in the order of the rules. */
export function checkEstate(context: RuleContext): Diagnostic[] {
  return estateRules.flatMap((rule) =>
    rule.check(context).map((finding): Diagnostic => ({ code: rule.code, ...finding })),
  );
}
