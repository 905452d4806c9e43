import type { EstateRule } from "./rule.ts";

export const applicationNotRendered: EstateRule = {
  code: "application-not-rendered",
  summary: "An Application whose manifests cannot be generated never syncs.",
  check: ({ rendered }) =>
    rendered
      .filter(({ status }) => status !== "rendered")
      .map(({ application, status, diagnostics: [fault] }) => ({
        severity: status === "failed" ? ("error" as const) : ("warning" as const),
        message: `${application.name}: ${fault?.message.split("\n")[0] ?? status}`,
        origin: fault?.origin ?? application.origin,
        ...(fault?.related === undefined ? {} : { related: fault.related }),
        ...(fault?.fix === undefined ? {} : { fix: fault.fix }),
      })),
};
