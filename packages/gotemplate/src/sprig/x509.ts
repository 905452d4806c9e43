import { FunctionError } from "../function.ts";
import { quoteGo } from "../strconv/quote.ts";
import { byteStringToBytes, type RandomSource } from "../value.ts";
import {
  derBitString,
  derElement,
  DerError,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  DerReader,
  derSequence,
  dottedIdentifier,
  integerOfBytes,
  joinBytes,
} from "./der.ts";
import { library } from "./libraries.ts";
import type { SigningKey } from "./private-keys.ts";
import { decodeRune, isAscii } from "./runes.ts";

/** X.509 certificates as Go 1.26's `x509.CreateCertificate` makes them of sprig's template. */

/** What sprig puts into a certificate. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly ipAddresses: readonly (readonly number[])[];
  readonly dnsNames: readonly string[];
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly isAuthority: boolean;
}

/** What of a parsed certificate goes into those it signs. */
export interface ParsedCertificate {
  /** The subject as it stands, DER. */
  readonly subject: Uint8Array;
  readonly publicKeyInfo: Uint8Array;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
}

/** Who signs: its key and, unless it signs itself, its certificate. */
export interface Issuer {
  readonly key: SigningKey;
  readonly certificate?: ParsedCertificate;
}

const oids = {
  commonName: "2.5.4.3",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  basicConstraints: "2.5.29.19",
  subjectKeyIdentifier: "2.5.29.14",
  authorityKeyIdentifier: "2.5.29.35",
  subjectAlternativeName: "2.5.29.17",
  serverAuthentication: "1.3.6.1.5.5.7.3.1",
  clientAuthentication: "1.3.6.1.5.5.7.3.2",
} as const;

const trueValue = Uint8Array.of(1, 1, 255);

function encodeName(commonName: string): Uint8Array {
  if (commonName === "") return derSequence();
  for (let at = 0; at < commonName.length;) {
    const [rune, size] = decodeRune(commonName, at);
    if (rune === 0xfffd && size === 1) throw new FunctionError("asn1: string not valid UTF-8");
    at += size;
  }
  // PrintableString when its few characters do.
  const tag = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(commonName) ? 0x13 : 0x0c;
  const value = derElement(tag, byteStringToBytes(commonName));
  return derSequence(derElement(0x31, derSequence(derObjectIdentifier(oids.commonName), value)));
}

/** UTCTime until 2049, GeneralizedTime after. */
function encodeTime(milliseconds: number): Uint8Array {
  const date = new Date(milliseconds);
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 0 || year > 9999) {
    throw new FunctionError("asn1: structure error: cannot represent time as GeneralizedTime");
  }
  const text = `${date.toISOString().slice(0, 19).replace(/[-T:]/g, "")}Z`;
  const isShort = year >= 1950 && year < 2050;
  return derElement(isShort ? 0x17 : 0x18, byteStringToBytes(isShort ? text.slice(2) : text));
}

function encodeExtension(identifier: string, critical: boolean, value: Uint8Array): Uint8Array {
  const parts = [derObjectIdentifier(identifier), ...(critical ? [trueValue] : []), derOctetString(value)];
  return derSequence(...parts);
}

function encodeAlternativeNames(request: CertificateRequest): Uint8Array {
  const dns = request.dnsNames.map((name) => {
    if (!isAscii(name)) throw new FunctionError(`x509: ${quoteGo(name)} cannot be encoded as an IA5String`);
    return derElement(0x82, byteStringToBytes(name));
  });
  const ips = request.ipAddresses.map((bytes) => derElement(0x87, Uint8Array.from(bytes)));
  return derSequence(...dns, ...ips);
}

/** All extensions in Go's order. */
function encodeExtensions(
  request: CertificateRequest,
  identifiers: { readonly subject?: Uint8Array; readonly authority?: Uint8Array | undefined },
): Uint8Array {
  // Digital signature and key encipherment, for authorities certificate signing, too.
  const keyUsage = request.isAuthority ? derBitString(Uint8Array.of(0xa4), 2) : derBitString(Uint8Array.of(0xa0), 5);
  const usages = [oids.serverAuthentication, oids.clientAuthentication].map(derObjectIdentifier);
  const extensions = [
    encodeExtension(oids.keyUsage, true, keyUsage),
    encodeExtension(oids.extendedKeyUsage, false, derSequence(...usages)),
    encodeExtension(oids.basicConstraints, true, derSequence(...(request.isAuthority ? [trueValue] : []))),
  ];
  if (identifiers.subject) {
    extensions.push(encodeExtension(oids.subjectKeyIdentifier, false, derOctetString(identifiers.subject)));
  }
  if (identifiers.authority && identifiers.authority.length > 0) {
    const value = derSequence(derElement(0x80, identifiers.authority));
    extensions.push(encodeExtension(oids.authorityKeyIdentifier, false, value));
  }
  if (request.dnsNames.length > 0 || request.ipAddresses.length > 0) {
    const subjectIsEmpty = request.commonName === "";
    extensions.push(encodeExtension(oids.subjectAlternativeName, subjectIsEmpty, encodeAlternativeNames(request)));
  }
  return derElement(0xa3, derSequence(...extensions));
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** A certificate (DER) for `key`, signed by `issuer`, with a random serial number of 128 bits. Throws FunctionError. */
export function createCertificate(
  request: CertificateRequest,
  key: SigningKey,
  issuer: Issuer,
  random: RandomSource,
): Uint8Array {
  const subject = encodeName(request.commonName);
  const issuerName = issuer.certificate?.subject ?? subject;
  if (issuer.certificate && !areEqual(issuer.certificate.publicKeyInfo, issuer.key.publicKeyInfo)) {
    throw new FunctionError("x509: provided PrivateKey doesn't match parent's PublicKey");
  }
  const sha256 = library("@noble/hashes/sha2.js").sha256;
  const identifiers = {
    ...(request.isAuthority ? { subject: sha256(key.publicKeyBits).slice(0, 20) } : {}),
    authority: areEqual(issuerName, subject) ? undefined : issuer.certificate?.subjectKeyIdentifier,
  };
  const toBeSigned = derSequence(
    derElement(0xa0, derInteger(2n)),
    derInteger(integerOfBytes(random.bytes(16))),
    issuer.key.signatureAlgorithm,
    issuerName,
    derSequence(encodeTime(request.notBefore), encodeTime(request.notAfter)),
    subject,
    key.publicKeyInfo,
    encodeExtensions(request, identifiers),
  );
  return derSequence(toBeSigned, issuer.key.signatureAlgorithm, derBitString(issuer.key.sign(toBeSigned)));
}

/** The value of the subject key identifier extension, if there is one. */
function readKeyIdentifier(extensions: DerReader): Uint8Array | undefined {
  const problem = "x509: malformed extension";
  let found: Uint8Array | undefined;
  const seen = new Set<string>();
  while (!extensions.atEnd) {
    const extension = extensions.enter(0x30, problem);
    const identifier = dottedIdentifier(extension.read(6, "x509: malformed extension OID field").content);
    if (seen.has(identifier))
      throw new DerError(`x509: certificate contains duplicate extension with OID "${identifier}"`);
    seen.add(identifier);
    if (extension.nextTag === 1) extension.read(1, "x509: malformed extension critical field");
    const value = extension.read(4, "x509: malformed extension value field").content;
    if (identifier === oids.subjectKeyIdentifier) {
      found = new DerReader(value).read(4, "x509: invalid subject key identifier").content;
    }
  }
  return found;
}

function readCertificate(bytes: Uint8Array): ParsedCertificate {
  const input = new DerReader(bytes);
  const certificate = input.enter(0x30, "x509: malformed certificate");
  if (!input.atEnd) throw new DerError("x509: trailing data");
  const body = certificate.enter(0x30, "x509: malformed tbs certificate");
  if (body.nextTag === 0xa0) {
    const version = body.enter(0xa0, "x509: malformed version").integer("x509: malformed version");
    if (version < 0n) throw new DerError("x509: malformed version");
    if (version > 2n) throw new DerError("x509: invalid version");
  }
  if (body.integer("x509: malformed serial number") < 0n) throw new DerError("x509: negative serial number");
  const inner = body.read(0x30, "x509: malformed signature algorithm identifier").raw;
  const outer = certificate.read(0x30, "x509: malformed algorithm identifier").raw;
  if (!areEqual(inner, outer)) {
    throw new DerError("x509: inner and outer signature algorithm identifiers don't match");
  }
  body.read(0x30, "x509: malformed issuer");
  body.read(0x30, "x509: malformed validity");
  const subject = body.read(0x30, "x509: malformed issuer").raw;
  const publicKeyInfo = body.read(0x30, "x509: malformed spki").raw;
  for (const tag of [0x81, 0x82]) {
    if (body.nextTag === tag) body.read(tag, "x509: malformed issuerUniqueID");
  }
  let subjectKeyIdentifier: Uint8Array | undefined;
  if (body.nextTag === 0xa3) {
    const extensions = body.enter(0xa3, "x509: malformed extensions").enter(0x30, "x509: malformed extensions");
    subjectKeyIdentifier = readKeyIdentifier(extensions);
  }
  certificate.read(3, "x509: malformed signature");
  return { subject: joinBytes(subject), publicKeyInfo: joinBytes(publicKeyInfo), subjectKeyIdentifier };
}

/** The parts of a certificate (DER) that matter here. Throws FunctionError with Go's text for the commonest faults. */
export function parseCertificate(bytes: Uint8Array): ParsedCertificate {
  try {
    return readCertificate(bytes);
  } catch (error) {
    if (error instanceof DerError) throw new FunctionError(error.message);
    throw error;
  }
}
