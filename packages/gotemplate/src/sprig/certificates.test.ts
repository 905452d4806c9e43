import { createPrivateKey, X509Certificate, generatePrimeSync } from "node:crypto";
import { expect, test } from "vitest";
import { parseTemplate } from "../parse/parse.ts";
import { seededRandom } from "../random.ts";
import { TemplateSet } from "../template-set.ts";
import { sprigFunctions } from "./index.ts";

const now = Date.UTC(2024, 1, 29, 13, 4, 5);

function render(template: string, seed = "certificates"): string[] {
  const functions = sprigFunctions();
  const set = new TemplateSet({ functions, name: "t" });
  set.add(parseTemplate("t", template, { functions }));
  const random = seededRandom(seed);
  const context = { now, timeZone: "UTC", environment: new Map<string, string>(), random, engine: undefined };
  return set.execute("t", null, context).split("|");
}

const signed =
  '{{ $ca := genCA "authority" 365 }}{{ $c := genSignedCert "svc" (list "10.0.0.1" "::1") (list "svc" "*.svc") 30 $ca }}' +
  "{{ $ca.Cert }}|{{ $ca.Key }}|{{ $c.Cert }}|{{ $c.Key }}";

test("an authority signs a certificate", () => {
  const [authorityPem = "", , certificatePem = "", keyPem = ""] = render(signed);
  const authority = new X509Certificate(authorityPem);
  const certificate = new X509Certificate(certificatePem);
  expect(authority.ca).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.verify(authority.publicKey)).toBe(true);
  expect(certificate.checkIssued(authority)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
  expect(certificate.subject).toBe("CN=svc");
  expect(certificate.subjectAltName).toBe("DNS:svc, DNS:*.svc, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1");
  expect(certificate.validFrom).toBe("Feb 29 13:04:05 2024 GMT");
  expect(certificate.validTo).toBe("Mar 30 13:04:05 2024 GMT");
});

test("a seed gives the same keys and certificates again", () => {
  expect(render(signed, "one")).toEqual(render(signed, "one"));
  expect(render('{{ genPrivateKey "ecdsa" }}', "one")).not.toEqual(render('{{ genPrivateKey "ecdsa" }}', "two"));
});

test.each(["ecdsa", "ed25519"])("%s keys sign certificates", (type) => {
  const [keyPem = "", certificatePem = "", again] = render(
    `{{ $k := genPrivateKey "${type}" }}{{ $c := genSelfSignedCertWithKey "x" nil (list "a.b") 1 $k }}{{ $k }}|{{ $c.Cert }}|{{ $c.Key }}`,
  );
  const certificate = new X509Certificate(certificatePem);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
  expect(again).toBe(keyPem);
});

test("takes the primes of a source that finds them faster", () => {
  const functions = sprigFunctions();
  const primes: bigint[] = [];
  const rsaPrime = (bits: number) => {
    primes.push(generatePrimeSync(bits, { bigint: true }));
    return primes.at(-1)!;
  };
  const random = { ...seededRandom("x"), rsaPrime };
  const context = { now, timeZone: "UTC", environment: new Map<string, string>(), random, engine: undefined };
  const pem = functions.get("genPrivateKey")!.call(context, ["rsa"]) as string;
  const { n, p, q } = createPrivateKey(pem).export({ format: "jwk" });
  const number = (text = "") => BigInt(`0x${Buffer.from(text, "base64url").toString("hex")}`);
  expect([number(p), number(q)]).toEqual(primes);
  expect(number(n).toString(2)).toHaveLength(4096);
});

test("derives passwords", () => {
  expect(render('{{ derivePassword 1 "long" "password" "user" "example.com" }}')).toEqual(["ZedaFaxcZaso9*"]);
  expect(render('{{ derivePassword 2 "long" "password" "user" "example.com" }}')).toEqual(["Fovi2@JifpTupx"]);
  expect(render('{{ derivePassword 1 "pin" "password" "user" "other.org" }}')).toEqual(["7139"]);
  expect(render('{{ derivePassword 1 "long" "password" "admin" "example.com" }}')).toEqual(["PubwVocuRicu7+"]);
});

test("derives many passwords of one user from one key", () => {
  const template = '{{ range until 200 }}{{ derivePassword 1 "pin" "password" "user" (print "site" .) }}{{ end }}';
  expect(render(template)).toEqual([expect.stringMatching(/^[0-9]{800}$/)]);
});
