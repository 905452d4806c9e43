import { defineConfig } from "vitest/config";
import { fileURLToPath } from "node:url";

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Tests run on the sources: every `@tiphys/*` import resolves to `packages/NAME/src`, so no build is needed. */
export default defineConfig({
  resolve: {
    alias: [
      { find: "@tiphys/gotemplate/sprig", replacement: source("packages/gotemplate/src/sprig/index.ts") },
      { find: /^tiphys$/, replacement: source("packages/cli/src/index.ts") },
      { find: /^@tiphys\/([a-z]+)$/, replacement: source("packages/$1/src/index.ts") },
    ],
  },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tools/src/**/*.test.ts", "tests/**/*.test.ts"],
    testTimeout: 30_000,
    pool: "forks",
  },
});
