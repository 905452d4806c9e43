import { spend } from "../work.ts";
import { define, FunctionError } from "../function.ts";
import { formatGo } from "../fmt/print.ts";
import { type CallContext, type GoFunction, type GoKind, GoObject, type GoValue } from "../value.ts";
import { generateDsaKeyPem } from "./dsa.ts";
import { decodeBase64 } from "./encoding.ts";
import { parseIpAddress } from "./ip-address.ts";
import { decodePem, encodePem } from "./pem.ts";
import {
  generateEd25519Key,
  generateP256Key,
  generateRsaKey,
  parsePrivateKey,
  type SigningKey,
  type UnsuitableKey,
} from "./private-keys.ts";
import { createCertificate, type Issuer, parseCertificate } from "./x509.ts";

/** Sprig's `certificate` struct: certificate and key, both PEM. */
export class GoCertificate extends GoObject {
  readonly goType = "sprig.certificate";
  readonly goKind: GoKind = "struct";
  readonly certificate: string;
  readonly key: string;

  constructor(certificate: string, key: string) {
    super();
    this.certificate = certificate;
    this.key = key;
  }

  override goFieldNames(): readonly string[] {
    return ["Cert", "Key"];
  }

  override goField(name: string): GoValue | undefined {
    return name === "Cert" ? this.certificate : name === "Key" ? this.key : undefined;
  }
}

type AnyKey = SigningKey | UnsuitableKey;

/** What the template gave for a certificate. */
interface Subject {
  readonly commonName: string;
  readonly ips: readonly GoValue[] | null;
  readonly dnsNames: readonly GoValue[] | null;
  readonly days: bigint;
}

function ipBytes(value: GoValue): readonly number[] {
  if (typeof value !== "string") throw new FunctionError(formatGo("error parsing ip: %v is not a string", [value]));
  const address = parseIpAddress(value);
  if (typeof address === "string" || address.zone !== "") throw new FunctionError(`error parsing ip: ${value}`);
  const { bytes } = address;
  const isMapped =
    bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return isMapped ? bytes.slice(12) : bytes;
}

function dnsName(value: GoValue): string {
  if (typeof value === "string") return value;
  throw new FunctionError(formatGo("error processing alternate dns name: %v is not a string", [value]));
}

function makeCertificate(
  context: CallContext,
  subject: Subject,
  key: AnyKey,
  options: { readonly isAuthority: boolean; readonly issuer?: Issuer | UnsuitableKey },
): GoCertificate {
  // Go multiplies in 64 bits.
  const validFor = BigInt.asIntN(64, subject.days * 86_400_000_000_000n);
  const request = {
    commonName: subject.commonName,
    ipAddresses: (subject.ips ?? []).map(ipBytes),
    dnsNames: (subject.dnsNames ?? []).map(dnsName),
    notBefore: context.now,
    notAfter: context.now + Number(validFor / 1_000_000n),
    isAuthority: options.isAuthority,
  };
  const issuer = options.issuer ?? ("unsuitable" in key ? key : { key });
  if ("unsuitable" in issuer) {
    throw creationError("x509: certificate private key does not implement crypto.Signer");
  }
  if ("unsuitable" in key) throw creationError("x509: unsupported public key type: *dsa.PublicKey");
  try {
    const bytes = createCertificate(request, key, issuer, context.random);
    return new GoCertificate(encodePem({ type: "CERTIFICATE", bytes }), key.toPem());
  } catch (error) {
    if (error instanceof FunctionError) throw creationError(error.message);
    throw error;
  }
}

function creationError(message: string): FunctionError {
  return new FunctionError(`error creating certificate: ${message}`);
}

function withPrefix<Result>(prefix: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof FunctionError) throw new FunctionError(`${prefix}: ${error.message}`);
    throw error;
  }
}

/** The key of a signing authority together with its certificate. */
function issuerOf(authority: GoCertificate): Issuer | UnsuitableKey {
  const block = decodePem(authority.certificate);
  if (!block) throw new FunctionError("unable to decode certificate");
  const certificate = withPrefix("error parsing certificate: decodedSignerCert.Bytes", () =>
    parseCertificate(block.bytes),
  );
  const key = withPrefix("error parsing private key", () => parsePrivateKey(authority.key));
  return "unsuitable" in key ? key : { key, certificate };
}

function givenKey(pem: string): AnyKey {
  return withPrefix("parsing private key", () => parsePrivateKey(pem));
}

function freshKey(context: CallContext): SigningKey {
  spend(context, 150);
  return generateRsaKey(context.random, 2048);
}

function decodeOrFail(text: string, what: string): string {
  const decoded = decodeBase64(text);
  if ("bytes" in decoded) return decoded.bytes;
  throw new FunctionError(`unable to decode base64 ${what}`);
}

function buildCustomCertificate(certificate: string, key: string): GoCertificate {
  const certificatePem = decodeOrFail(certificate, "certificate");
  const keyPem = decodeOrFail(key, "private key");
  const block = decodePem(certificatePem);
  if (!block) throw new FunctionError("unable to decode certificate");
  withPrefix("error parsing certificate: decodedCert.Bytes", () => parseCertificate(block.bytes));
  withPrefix("error parsing private key", () => parsePrivateKey(keyPem));
  return new GoCertificate(certificatePem, keyPem);
}

function generatePrivateKeyPem(context: CallContext, type: string): string {
  switch (type) {
    case "":
    case "rsa":
      spend(context, 1300);
      return generateRsaKey(context.random, 4096).toPem();
    case "dsa":
      spend(context, 1100);
      return generateDsaKeyPem(context.random);
    case "ecdsa":
      return generateP256Key(context.random).toPem();
    case "ed25519":
      return generateEd25519Key(context.random).toPem();
    default:
      return `Unknown type ${type}`;
  }
}

type Values = GoValue[] | null;

const subjectTypes = "string, []interface {}, []interface {}, int";

/** Sprig's keys and certificates. From crypto.go. Serial numbers and keys come from the context's random source. */
export const certificateFunctions: readonly GoFunction[] = [
  define("genPrivateKey", "func(string) string", generatePrivateKeyPem),
  define("buildCustomCert", "func(string, string) sprig.certificate", (_, certificate: string, key: string) =>
    buildCustomCertificate(certificate, key),
  ),
  define("genCA", "func(string, int) sprig.certificate", (context, commonName: string, days: bigint) =>
    makeCertificate(context, { commonName, ips: null, dnsNames: null, days }, freshKey(context), { isAuthority: true }),
  ),
  define(
    "genCAWithKey",
    "func(string, int, string) sprig.certificate",
    (context, commonName: string, days: bigint, pem: string) =>
      makeCertificate(context, { commonName, ips: null, dnsNames: null, days }, givenKey(pem), { isAuthority: true }),
  ),
  define(
    "genSelfSignedCert",
    `func(${subjectTypes}) sprig.certificate`,
    (context, commonName: string, ips: Values, dnsNames: Values, days: bigint) =>
      makeCertificate(context, { commonName, ips, dnsNames, days }, freshKey(context), { isAuthority: false }),
  ),
  define(
    "genSelfSignedCertWithKey",
    `func(${subjectTypes}, string) sprig.certificate`,
    (context, commonName: string, ips: Values, dnsNames: Values, days: bigint, pem: string) =>
      makeCertificate(context, { commonName, ips, dnsNames, days }, givenKey(pem), { isAuthority: false }),
  ),
  define(
    "genSignedCert",
    `func(${subjectTypes}, sprig.certificate) sprig.certificate`,
    (context, commonName: string, ips: Values, dnsNames: Values, days: bigint, authority: GoCertificate) => {
      const key = freshKey(context);
      const issuer = issuerOf(authority);
      return makeCertificate(context, { commonName, ips, dnsNames, days }, key, { isAuthority: false, issuer });
    },
  ),
  define(
    "genSignedCertWithKey",
    `func(${subjectTypes}, sprig.certificate, string) sprig.certificate`,
    (
      context,
      commonName: string,
      ips: Values,
      dnsNames: Values,
      days: bigint,
      authority: GoCertificate,
      pem: string,
    ) => {
      const key = givenKey(pem);
      const issuer = issuerOf(authority);
      return makeCertificate(context, { commonName, ips, dnsNames, days }, key, { isAuthority: false, issuer });
    },
  ),
];
