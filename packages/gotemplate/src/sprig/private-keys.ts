import type { ECDSA } from "@noble/curves/abstract/weierstrass.js";
import { FunctionError } from "../function.ts";
import type { RandomSource } from "../value.ts";
import {
  bytesOfInteger,
  derBitString,
  derElement,
  DerError,
  derInteger,
  derNull,
  derObjectIdentifier,
  derOctetString,
  DerReader,
  derSequence,
  dottedIdentifier,
  integerOfBytes,
  joinBytes,
} from "./der.ts";
import { library } from "./libraries.ts";
import { decodePem, encodePem } from "./pem.ts";
import { inverseModulo, powerModulo, randomPrime } from "./prime.ts";

const rsaIdentifier = "1.2.840.113549.1.1.1";
const ecIdentifier = "1.2.840.10045.2.1";
const ed25519Identifier = "1.3.101.112";
const sha256WithRsa = "1.2.840.113549.1.1.11";

/** A key that can sign certificates. Public keys and signatures are as x509 wants them. */
export interface SigningKey {
  /** SubjectPublicKeyInfo. */
  readonly publicKeyInfo: Uint8Array;
  /** The bits of the public key alone, from which key identifiers are made. */
  readonly publicKeyBits: Uint8Array;
  /** AlgorithmIdentifier of its signatures. */
  readonly signatureAlgorithm: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
  /** The PEM block that sprig writes for it. */
  toPem(): string;
}

/** A DSA key, which Go can hold but not sign certificates with. */
export interface UnsuitableKey {
  readonly unsuitable: "dsa";
}

interface RsaNumbers {
  readonly modulus: bigint;
  readonly publicExponent: bigint;
  readonly privateExponent: bigint;
  readonly primes: readonly [bigint, bigint];
}

/** DigestInfo of SHA-256 up to the digest. */
const sha256Prefix = Uint8Array.from([
  0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
]);

class RsaKey implements SigningKey {
  readonly publicKeyInfo: Uint8Array;
  readonly publicKeyBits: Uint8Array;
  readonly signatureAlgorithm = derSequence(derObjectIdentifier(sha256WithRsa), derNull);
  private readonly numbers: RsaNumbers;

  constructor(numbers: RsaNumbers) {
    this.numbers = numbers;
    this.publicKeyBits = derSequence(derInteger(numbers.modulus), derInteger(numbers.publicExponent));
    const algorithm = derSequence(derObjectIdentifier(rsaIdentifier), derNull);
    this.publicKeyInfo = derSequence(algorithm, derBitString(this.publicKeyBits));
  }

  /** PKCS #1 1.5 with SHA-256. */
  sign(message: Uint8Array): Uint8Array {
    const { modulus, privateExponent, primes } = this.numbers;
    const length = Math.ceil(modulus.toString(16).length / 2);
    const digest = joinBytes(sha256Prefix, library("@noble/hashes/sha2.js").sha256(message));
    if (length < digest.length + 11) throw new FunctionError("crypto/rsa: message too long for RSA key size");
    const padding = new Uint8Array(length - digest.length - 3).fill(255);
    const encoded = integerOfBytes(joinBytes(Uint8Array.of(0, 1), padding, Uint8Array.of(0), digest));
    const [p, q] = primes;
    const byP = powerModulo(encoded % p, privateExponent % (p - 1n), p);
    const byQ = powerModulo(encoded % q, privateExponent % (q - 1n), q);
    const factor = ((((byP - byQ) % p) + p) * inverseModulo(q, p)!) % p;
    return bytesOfInteger(byQ + factor * q, length);
  }

  toPem(): string {
    const { modulus, publicExponent, privateExponent, primes } = this.numbers;
    const [p, q] = primes;
    const coefficients = [privateExponent % (p - 1n), privateExponent % (q - 1n), inverseModulo(q, p)!];
    const numbers = [0n, modulus, publicExponent, privateExponent, p, q, ...coefficients];
    return encodePem({ type: "RSA PRIVATE KEY", bytes: derSequence(...numbers.map(derInteger)) });
  }
}

interface EcCurve {
  readonly identifier: string;
  readonly size: number;
  /** Identifier of ECDSA with the hash that Go takes for the curve. */
  readonly signature: string;
  curve(): ECDSA;
}

const ecCurves: readonly EcCurve[] = [
  {
    identifier: "1.2.840.10045.3.1.7",
    size: 32,
    signature: "1.2.840.10045.4.3.2",
    curve: () => library("@noble/curves/nist.js").p256,
  },
  {
    identifier: "1.3.132.0.34",
    size: 48,
    signature: "1.2.840.10045.4.3.3",
    curve: () => library("@noble/curves/nist.js").p384,
  },
  {
    identifier: "1.3.132.0.35",
    size: 66,
    signature: "1.2.840.10045.4.3.4",
    curve: () => library("@noble/curves/nist.js").p521,
  },
];

class EcKey implements SigningKey {
  readonly publicKeyInfo: Uint8Array;
  readonly publicKeyBits: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  private readonly curve: EcCurve;
  private readonly secret: Uint8Array;

  constructor(curve: EcCurve, secret: Uint8Array) {
    this.curve = curve;
    this.secret = secret;
    this.publicKeyBits = curve.curve().getPublicKey(secret, false);
    const algorithm = derSequence(derObjectIdentifier(ecIdentifier), derObjectIdentifier(curve.identifier));
    this.publicKeyInfo = derSequence(algorithm, derBitString(this.publicKeyBits));
    this.signatureAlgorithm = derSequence(derObjectIdentifier(curve.signature));
  }

  sign(message: Uint8Array): Uint8Array {
    return this.curve.curve().sign(message, this.secret, { lowS: false, format: "der" });
  }

  toPem(): string {
    const bytes = derSequence(
      derInteger(1n),
      derOctetString(this.secret),
      derElement(0xa0, derObjectIdentifier(this.curve.identifier)),
      derElement(0xa1, derBitString(this.publicKeyBits)),
    );
    return encodePem({ type: "EC PRIVATE KEY", bytes });
  }
}

class Ed25519Key implements SigningKey {
  readonly publicKeyInfo: Uint8Array;
  readonly publicKeyBits: Uint8Array;
  readonly signatureAlgorithm = derSequence(derObjectIdentifier(ed25519Identifier));
  private readonly seed: Uint8Array;

  constructor(seed: Uint8Array) {
    this.seed = seed;
    this.publicKeyBits = library("@noble/curves/ed25519.js").ed25519.getPublicKey(seed);
    this.publicKeyInfo = derSequence(this.signatureAlgorithm, derBitString(this.publicKeyBits));
  }

  sign(message: Uint8Array): Uint8Array {
    return library("@noble/curves/ed25519.js").ed25519.sign(message, this.seed);
  }

  toPem(): string {
    const bytes = derSequence(derInteger(0n), this.signatureAlgorithm, derOctetString(derOctetString(this.seed)));
    return encodePem({ type: "PRIVATE KEY", bytes });
  }
}

/** A fresh RSA key, of the primes that the source makes where it makes some. */
export function generateRsaKey(random: RandomSource, bits: number): SigningKey {
  const prime = (half: number) => random.rsaPrime?.(half) ?? randomPrime(random, half);
  const publicExponent = 65_537n;
  for (;;) {
    const p = prime(bits / 2);
    const q = prime(bits / 2);
    const privateExponent = inverseModulo(publicExponent, (p - 1n) * (q - 1n));
    if (p === q || privateExponent === undefined) continue;
    return new RsaKey({ modulus: p * q, publicExponent, privateExponent, primes: [p, q] });
  }
}

export function generateP256Key(random: RandomSource): SigningKey {
  const curve = ecCurves[0]!;
  for (;;) {
    const secret = random.bytes(curve.size);
    if (curve.curve().utils.isValidSecretKey(secret)) return new EcKey(curve, secret);
  }
}

export function generateEd25519Key(random: RandomSource): SigningKey {
  return new Ed25519Key(random.bytes(32));
}

function readRsa(bytes: Uint8Array): SigningKey {
  const reader = new DerReader(bytes);
  const problem = "asn1: structure error: tags don't match";
  const sequence = reader.enter(0x30, problem);
  if (!reader.atEnd) throw new FunctionError("asn1: syntax error: trailing data");
  const version = sequence.integer(problem);
  const [modulus = 0n, publicExponent = 0n, privateExponent = 0n, p = 0n, q = 0n] = Array.from({ length: 5 }, () =>
    sequence.integer(problem),
  );
  if (version > 1n) throw new FunctionError("x509: unsupported private key version");
  if (modulus <= 0n || privateExponent <= 0n || p <= 0n || q <= 0n) {
    throw new FunctionError("x509: private key contains zero or negative value");
  }
  if (p * q !== modulus) throw new FunctionError("crypto/rsa: invalid modulus");
  return new RsaKey({ modulus, publicExponent, privateExponent, primes: [p, q] });
}

function readEc(bytes: Uint8Array, namedCurve?: string): SigningKey {
  const problem = "x509: failed to parse EC private key: asn1: structure error: tags don't match";
  const sequence = new DerReader(bytes).enter(0x30, problem);
  const version = sequence.integer(problem);
  if (version !== 1n) throw new FunctionError(`x509: unknown EC private key version ${version}`);
  const secret = sequence.read(4, problem).content;
  let identifier = namedCurve;
  if (identifier === undefined && sequence.nextTag === 0xa0) {
    identifier = dottedIdentifier(sequence.enter(0xa0, problem).read(6, problem).content);
  }
  const curve = ecCurves.find((known) => known.identifier === identifier);
  if (!curve) throw new FunctionError("x509: unknown elliptic curve");
  return new EcKey(curve, bytesOfInteger(integerOfBytes(secret), curve.size));
}

function readPkcs8(bytes: Uint8Array): SigningKey {
  const problem = "asn1: structure error: tags don't match";
  const sequence = new DerReader(bytes).enter(0x30, problem);
  sequence.integer(problem);
  const algorithm = sequence.enter(0x30, problem);
  const identifier = dottedIdentifier(algorithm.read(6, problem).content);
  const key = sequence.read(4, problem).content;
  if (identifier === rsaIdentifier) return readRsa(key);
  if (identifier === ecIdentifier) {
    return readEc(key, algorithm.nextTag === 6 ? dottedIdentifier(algorithm.read(6, problem).content) : undefined);
  }
  if (identifier === ed25519Identifier) {
    const seed = new DerReader(key).read(4, "x509: invalid Ed25519 private key").content;
    if (seed.length !== 32) throw new FunctionError(`x509: invalid Ed25519 private key length: ${seed.length}`);
    return new Ed25519Key(seed);
  }
  throw new FunctionError(`x509: PKCS#8 wrapping contained private key with unknown algorithm: ${identifier}`);
}

function reading<Key>(prefix: string, read: () => Key): Key {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError || error instanceof FunctionError)
      throw new FunctionError(`${prefix}: ${error.message}`);
    throw error;
  }
}

/** The tags that begin each key format after its version, by the Go function that reads it. */
const keyFormats = { ParseECPrivateKey: 4, ParsePKCS8PrivateKey: 0x30, ParsePKCS1PrivateKey: 2 } as const;

/** Reads a key; of one in another format, Go says which function would have read it. */
function readingOr(
  others: readonly (keyof typeof keyFormats)[],
  bytes: Uint8Array,
  read: (bytes: Uint8Array) => SigningKey,
): SigningKey {
  try {
    return read(bytes);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    const tag = tagAfterVersion(bytes);
    const fitting = others.find((name) => keyFormats[name] === tag);
    if (fitting === undefined) throw error;
    throw new FunctionError(`x509: failed to parse private key (use ${fitting} instead for this key format)`);
  }
}

function tagAfterVersion(bytes: Uint8Array): number {
  try {
    const sequence = new DerReader(bytes).enter(0x30, "");
    sequence.integer("");
    return sequence.nextTag;
  } catch (error) {
    if (error instanceof DerError) return -1;
    throw error;
  }
}

/** Sprig's `parsePrivateKeyPEM`. Throws FunctionError with its texts. */
export function parsePrivateKey(pem: string): SigningKey | UnsuitableKey {
  const block = decodePem(pem);
  if (!block) throw new FunctionError("no PEM data in input");
  const { type, bytes } = block;
  switch (type) {
    case "PRIVATE KEY":
      return reading("decoding PEM as PKCS#8", () =>
        readingOr(["ParseECPrivateKey", "ParsePKCS1PrivateKey"], bytes, readPkcs8),
      );
    case "RSA PRIVATE KEY":
      return reading("parsing RSA private key from PEM", () =>
        readingOr(["ParseECPrivateKey", "ParsePKCS8PrivateKey"], bytes, readRsa),
      );
    case "EC PRIVATE KEY":
      return reading("parsing EC private key from PEM", () =>
        readingOr(["ParsePKCS8PrivateKey", "ParsePKCS1PrivateKey"], bytes, (der) => readEc(der)),
      );
    case "DSA PRIVATE KEY":
      reading("parsing DSA private key from PEM", () => new DerReader(bytes).enter(0x30, "asn1: structure error"));
      return { unsuitable: "dsa" };
    default:
  }
  if (!type.endsWith(" PRIVATE KEY")) throw new FunctionError(`no private key data in PEM block of type ${type}`);
  throw new FunctionError(`invalid private key type ${type.slice(0, -12)}`);
}
