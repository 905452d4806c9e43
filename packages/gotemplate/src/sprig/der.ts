/** ASN.1 DER, as far as keys and certificates need it. */

/** One element: tag byte, content, and the bytes of the whole. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly raw: Uint8Array;
}

/** Bytes that are no DER; the message is what Go's parser of the same thing says. */
export class DerError extends Error {}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A tag, the length and the joined parts. */
export function derElement(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joinBytes(...parts);
  const { length } = content;
  if (length < 0x80) return joinBytes(Uint8Array.of(tag, length), content);
  const lengthBytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) lengthBytes.unshift(rest & 255);
  return joinBytes(Uint8Array.of(tag, 0x80 | lengthBytes.length, ...lengthBytes), content);
}

export function derSequence(...parts: readonly Uint8Array[]): Uint8Array {
  return derElement(0x30, ...parts);
}

/** A non-negative INTEGER. */
export function derInteger(value: bigint): Uint8Array {
  const bytes = bytesOfInteger(value);
  return bytes[0]! & 0x80 ? derElement(2, Uint8Array.of(0), bytes) : derElement(2, bytes);
}

/** Big-endian bytes without leading zeros, or left-padded to `length`. */
export function bytesOfInteger(value: bigint, length = 0): Uint8Array {
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  hex = hex.padStart(length * 2, "0");
  return Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

export function integerOfBytes(bytes: Uint8Array): bigint {
  let hex = "0x0";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return BigInt(hex);
}

export function derOctetString(...parts: readonly Uint8Array[]): Uint8Array {
  return derElement(4, ...parts);
}

/** A BIT STRING; `unused` bits at its end do not count. */
export function derBitString(bytes: Uint8Array, unused = 0): Uint8Array {
  return derElement(3, Uint8Array.of(unused), bytes);
}

export const derNull: Uint8Array = Uint8Array.of(5, 0);

/** An OBJECT IDENTIFIER from its dotted form. */
export function derObjectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc & 127];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left & 127) | 128);
    bytes.push(...digits);
  }
  return derElement(6, Uint8Array.from(bytes));
}

/** The dotted form of an OBJECT IDENTIFIER's content. */
export function dottedIdentifier(content: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 127);
    if (byte & 128) continue;
    if (arcs.length === 0) arcs.push(Math.min(Math.floor(arc / 40), 2), arc - Math.min(Math.floor(arc / 40), 2) * 40);
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join(".");
}

/** Reads elements one after the other. */
export class DerReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** The tag of the next element; -1 at the end. */
  get nextTag(): number {
    return this.bytes[this.at] ?? -1;
  }

  /** The next element; fails with `problem` when its tag is not `tag` or its length is wrong. */
  read(tag: number, problem: string): DerElement {
    const start = this.at;
    if (this.nextTag !== tag) throw new DerError(problem);
    let length = this.bytes[start + 1];
    let header = 2;
    if (length === undefined) throw new DerError(problem);
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 4) throw new DerError(problem);
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + (this.bytes[start + 2 + i] ?? 0);
      header += count;
    }
    const end = start + header + length;
    if (end > this.bytes.length) throw new DerError(problem);
    this.at = end;
    return { tag, content: this.bytes.subarray(start + header, end), raw: this.bytes.subarray(start, end) };
  }

  /** The elements inside the next one. */
  enter(tag: number, problem: string): DerReader {
    return new DerReader(this.read(tag, problem).content);
  }

  integer(problem: string): bigint {
    const { content } = this.read(2, problem);
    if (content.length === 0) throw new DerError(problem);
    const value = integerOfBytes(content);
    return content[0]! & 0x80 ? value - (1n << BigInt(content.length * 8)) : value;
  }
}
