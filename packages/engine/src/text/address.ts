/**
 * Addresses as text, written byte by byte into one buffer: joining short strings takes two to three times as long, and a
 * table of 100,000 connections has 200,000 addresses. Each `put` takes the place to write to and gives the next one.
 */
const text = Buffer.alloc(48);
const groups = new Uint16Array(8);

const DOT = 0x2e;
const COLON = 0x3a;
const DIGITS = Buffer.from("0123456789abcdef", "latin1");

/** A power of two. */
const PLACES = 4096;
/** Texts that were made before, each at a place that its address gives: one end of most connections is one of few. */
const cachedWords = new Uint32Array(PLACES);
const cachedTexts: string[] = Array.from({ length: PLACES }, () => "0.0.0.0");

/** The text of an IPv4 address that was read from memory as one little-endian word: `192.0.2.7`. */
export function ipv4Text(word: number): string {
  const place = (word ^ (word >>> 12) ^ (word >>> 24)) & (PLACES - 1);
  if (cachedWords[place] !== word) {
    cachedWords[place] = word;
    cachedTexts[place] = text.toString("latin1", 0, putIpv4(0, word));
  }
  return cachedTexts[place] ?? "";
}

/**
 * The text of an IPv6 address that was read from memory as four little-endian words, as RFC 5952 wants it: lower case, the
 * longest run of at least two zero groups shortened, the first of several; `::ffff:192.0.2.7` for a mapped address.
 */
export function ipv6Text(first: number, second: number, third: number, fourth: number): string {
  if (first === 0 && second === 0 && third === 0xffff_0000) {
    return `::ffff:${ipv4Text(fourth)}`;
  }
  setGroups(0, first);
  setGroups(2, second);
  setGroups(4, third);
  setGroups(6, fourth);
  return text.toString("latin1", 0, putShortened());
}

function setGroups(index: number, word: number): void {
  groups[index] = ((word & 0xff) << 8) | ((word >>> 8) & 0xff);
  groups[index + 1] = ((word >>> 8) & 0xff00) | (word >>> 24);
}

function putShortened(): number {
  let start = 0;
  let zeros = 0;
  for (let at = 0, run = 0; at < 8; at++) {
    run = groups[at] === 0 ? run + 1 : 0;
    if (run > zeros) {
      zeros = run;
      start = at + 1 - run;
    }
  }
  if (zeros < 2) return putGroups(0, 0, 8);
  let place = putGroups(0, 0, start);
  text[place++] = COLON;
  text[place++] = COLON;
  return putGroups(place, start + zeros, 8);
}

function putGroups(place: number, start: number, end: number): number {
  let next = place;
  for (let at = start; at < end; at++) {
    if (at > start) text[next++] = COLON;
    const group = groups[at] ?? 0;
    if (group > 0xfff) text[next++] = DIGITS[group >>> 12] ?? 0;
    if (group > 0xff) text[next++] = DIGITS[(group >>> 8) & 15] ?? 0;
    if (group > 0xf) text[next++] = DIGITS[(group >>> 4) & 15] ?? 0;
    text[next++] = DIGITS[group & 15] ?? 0;
  }
  return next;
}

function putIpv4(place: number, word: number): number {
  let next = putOctet(place, word & 255);
  text[next++] = DOT;
  next = putOctet(next, (word >>> 8) & 255);
  text[next++] = DOT;
  next = putOctet(next, (word >>> 16) & 255);
  text[next++] = DOT;
  return putOctet(next, word >>> 24);
}

function putOctet(place: number, octet: number): number {
  let next = place;
  if (octet > 99) text[next++] = DIGITS[Math.floor(octet / 100)] ?? 0;
  if (octet > 9) text[next++] = DIGITS[Math.floor(octet / 10) % 10] ?? 0;
  text[next++] = DIGITS[octet % 10] ?? 0;
  return next;
}
