import { spawnSync } from "node:child_process";
import type { Command } from "commander";
import { bytesToByteString, fromByteString, toByteString } from "@tiphys/gotemplate";
import type { Permissions } from "@tiphys/helmfile";
import { readYaml, toPlain, YamlError } from "@tiphys/source";
import type { Plain } from "@tiphys/source";
import type { CommandRun, Io } from "./command.ts";
import { UserError } from "./command.ts";

const ways = ["placeholder", "sops", "plain"] as const;
type Way = (typeof ways)[number];
type Decrypt = NonNullable<Permissions["decrypt"]>;

/** Adds `--secrets` and `--show-secrets`. Only for commands that write no files: what they read must not reach a repository. */
export function addSecretsOptions(command: Command): Command {
  return command
    .option(
      "--secrets <how>",
      "encrypted files: placeholder (keys only, the default), sops (decrypt with the sops on PATH), plain (read files that are not encrypted)",
    )
    .option("--show-secrets", "print secret values instead of ***");
}

/** Texts that came out of secrets files, for each run of a command. */
const secretTexts = new WeakMap<CommandRun["options"], Set<string>>();

/** The permission that `--secrets` gives: none for placeholders. Throws `UserError` for an unknown word. */
export function secretsPermission({ io, options }: CommandRun): Pick<Permissions, "decrypt"> {
  const way = (options["secrets"] ?? "placeholder") as Way;
  if (!ways.includes(way)) throw new UserError(`error: --secrets takes ${ways.join(", ")}, not "${way}"`);
  if (way === "placeholder") return {};
  const decrypt: Decrypt = way === "sops" ? (request) => decryptWithSops(io, request) : readPlain;
  const texts = secretTexts.get(options) ?? new Set();
  secretTexts.set(options, texts);
  return {
    decrypt: (request) => {
      const answer = decrypt(request);
      if (answer.kind === "value") collectTexts(parsed(answer.value), texts);
      return answer;
    },
  };
}

/** Whether values of secrets files were read and must not be shown. */
export function hidesSecrets({ options }: CommandRun): boolean {
  return options["showSecrets"] !== true && (secretTexts.get(options)?.size ?? 0) > 0;
}

/** The same data with `***` in place of every text that contains a secret one. */
export function maskSecrets<Value>(run: CommandRun, value: Value): Value {
  return hidesSecrets(run) ? (masked(value, [...secretTexts.get(run.options)!]) as Value) : value;
}

function masked(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return hasSecret(value, secrets) ? "***" : value;
  if (typeof value === "number" || typeof value === "bigint") return secrets.includes(String(value)) ? "***" : value;
  if (Array.isArray(value)) return value.map((item) => masked(item, secrets));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, masked(item, secrets)]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, secrets)]));
}

/** Short texts, such as `dev`, are secret only where they are the whole value. */
function hasSecret(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => text === secret || (secret.length >= 6 && text.includes(secret)));
}

/** Words that are no secrets wherever they stand. */
const plainWords = new Set(["", "true", "false", "null", "0", "1"]);

function collectTexts(value: Plain, texts: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collectTexts(item, texts);
  else if (typeof value === "object" && value !== null)
    for (const item of Object.values(value)) collectTexts(item as Plain, texts);
  else if (!plainWords.has(String(value))) texts.add(String(value).trim());
}

function parsed(text: string): Plain {
  try {
    return toPlain(readYaml(text).value);
  } catch (error) {
    if (error instanceof YamlError) return fromByteString(text);
    throw error;
  }
}

function isEncrypted(content: string): boolean {
  return /^sops:/m.test(content) || /"sops"\s*:/.test(content);
}

const readPlain: Decrypt = ({ path, content }) =>
  isEncrypted(content)
    ? { kind: "failed", message: `${path === "" ? "a secret" : path} is encrypted: use --secrets sops` }
    : { kind: "value", value: content };

function decryptWithSops(io: Io, { path, content }: Parameters<Decrypt>[0]): ReturnType<Decrypt> {
  if (!isEncrypted(content)) {
    io.stderr.write(`warning: ${fromByteString(path)} is not encrypted\n`);
    return { kind: "value", value: content };
  }
  const type = path.endsWith(".json") ? "json" : "yaml";
  const result = spawnSync("sops", ["--decrypt", "--input-type", type, "--output-type", "yaml", "/dev/stdin"], {
    input: Buffer.from(content, "latin1"),
    env: io.environment as NodeJS.ProcessEnv,
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error !== undefined) return { kind: "failed", message: toByteString(`sops: ${result.error.message}`) };
  if (result.status !== 0)
    return {
      kind: "failed",
      message: `sops cannot decrypt ${path === "" ? "a secret" : path}: ${bytesToByteString(result.stderr).trim()}`,
    };
  return { kind: "value", value: bytesToByteString(result.stdout) };
}
