import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCommandLine } from "../testing/run-command-line.ts";

it("makes RSA keys of full length that sign", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tiphys-keys-"));
  try {
    mkdirSync(join(folder, "chart", "templates"), { recursive: true });
    writeFileSync(join(folder, "chart", "Chart.yaml"), "apiVersion: v2\nname: chart\nversion: 1.0.0\n");
    writeFileSync(
      join(folder, "chart", "templates", "keys.yaml"),
      '{{ $first := genCA "one" 1 }}{{ $second := genCA "two" 1 }}first: {{ b64enc $first.Key }}\nsecond: {{ b64enc $second.Key }}\n',
    );
    const { code, stdout } = await runCommandLine(["template", "rel", "./chart"], { cwd: folder });
    expect(code).toBe(0);
    const keys = ["first", "second"].map((name) => {
      const encoded = new RegExp(`^${name}: (.*)$`, "m").exec(stdout)![1]!;
      return createPrivateKey(Buffer.from(encoded, "base64").toString());
    });
    for (const key of keys) {
      expect(key.asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65537n });
      const signature = sign("sha256", Buffer.from("text"), key);
      expect(verify("sha256", Buffer.from("text"), createPublicKey(key), signature)).toBe(true);
    }
    const [first, second] = keys.map((key) => key.export({ format: "jwk" }));
    expect(new Set([first!.p, first!.q, second!.p, second!.q]).size).toBe(4);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
