import type { Block, FunctionBuilder, Value } from "@weir/codegen";
import type { ProtocolChain, Read } from "@weir/pcap-filter/meaning";
import { type Field, type Place, placeOf } from "./field.ts";
import { enter, type FoundRules } from "./found-rules.ts";
import { headerLength } from "./header-length.ts";
import type { Packet } from "./packet.ts";
import { loadNumber, type SeldomReads } from "./seldom-reads.ts";
import { isReadable, NETWORK, type Situation } from "./situation.ts";

/** The largest variable part of an offset into a packet that verifiers take, less what tags and headers add to it. */
const FURTHEST = 0xff00;

/** Where the headers are that all frames have which come to a place in the program; what the situation calls readable has been checked. */
export interface Headers {
  readonly situation: Situation;
  /** Address of the frame's first byte. */
  readonly frame: Value;
  /** Address of where a link header without tags would begin. */
  readonly link: Value;
  /** Address of what is behind the header of IPv4. */
  readonly transport: Value | undefined;
}

/** The name of a function `(ctx, at, version, protocol)`: whether a protocol is in the chain of headers from that of IP on. */
export const IN_CHAIN = "in_chain";

/**
 * Loads what the packet has, as it lies or as a number. Each use loads again: what the verifier learnt of a value on the way to one rule is of no
 * use to the next, and would make it go through all that follows once for each rule.
 */
export class FrameReader {
  readonly builder: FunctionBuilder;
  readonly headers: Headers;
  readonly found: FoundRules;
  readonly #packet: Packet;
  readonly #seldom: SeldomReads | undefined;

  /** @param seldom to read by calls what may not be there */
  constructor(builder: FunctionBuilder, packet: Packet, found: FoundRules, headers: Headers, seldom?: SeldomReads) {
    this.#seldom = seldom;
    this.#packet = packet;
    this.builder = builder;
    this.found = found;
    this.headers = headers;
  }

  /** Of the whole frame, also of what is not in the first buffer. */
  get length(): Value {
    return this.found.length;
  }

  /** A field that is known to be there, in the byte order in which it lies; the length as it is. */
  raw({ place }: Field): Value {
    if (place === undefined) return this.length;
    const [address, offset] = this.#address(place);
    return this.#load(place.bytes, address, offset);
  }

  /** The same as a number. */
  number({ place }: Field): Value {
    if (place === undefined) return this.length;
    const [address, offset] = this.#address(place);
    return loadNumber(this.builder, place.bytes, address, offset);
  }

  /** The same where the frame may not have it: then the block ends to `ended`. */
  unsure({ place }: Field, ended: Block): Value {
    return place === undefined ? this.length : this.#checkedNumber(place.bytes, place, undefined, ended);
  }

  /** The number at a place, which the frame may not have: then the block ends to `ended`. */
  read(read: Read, index: Value | undefined, ended: Block): Value {
    const { builder, headers } = this;
    const readable = isReadable(read, headers.situation);
    const place = placeOf(read);
    if (readable === true) {
      const [address, offset] = this.#address(place);
      return loadNumber(builder, read.bytes, address, offset);
    }
    return this.#checkedNumber(read.bytes, place, index, ended);
  }

  /** What {@link IN_CHAIN} says. */
  chain({ version, protocol, base, at }: ProtocolChain): Value {
    const { builder, headers } = this;
    const place = placeOf({ base, at, behind: undefined });
    const fixed = builder.constant(64, BigInt(place.at));
    const start =
      place.base === "frame"
        ? fixed
        : builder.binary("add", 64, builder.binary("sub", 64, headers.link, headers.frame), fixed);
    const numbers = [version, protocol].map((number) => builder.constant(64, BigInt(number)));
    return builder.callFunction(IN_CHAIN, [this.#packet.context, start, ...numbers]);
  }

  #checkedNumber(bytes: Read["bytes"], place: Place, index: Value | undefined, ended: Block): Value {
    const { builder } = this;
    const furthest = FURTHEST - place.at;
    if (furthest < 0) {
      builder.jump(ended);
      return builder.constant(32, 0n);
    }
    const added = index && this.#bounded(index, furthest, ended);
    if (this.#seldom !== undefined) return this.#readByCall(this.#seldom, bytes, place, added, ended);
    const { start, at, header } = this.#start(place, ended);
    const parts = [header, added].flatMap((value) => value ?? []);
    const variable = parts.reduce((sum, value) => builder.binary("add", 64, sum, value));
    const offset = builder.binary("add", 64, variable, builder.constant(64, BigInt(at)));
    return loadNumber(builder, bytes, this.#checked(start, offset, bytes, ended), 0);
  }

  #readByCall(seldom: SeldomReads, bytes: Read["bytes"], place: Place, index: Value | undefined, ended: Block): Value {
    const { builder, headers } = this;
    const { base, at, behind } = place;
    const fixed = builder.constant(64, BigInt(at));
    const offset = index === undefined ? fixed : builder.binary("add", 64, index, fixed);
    const args = [base === "link" ? headers.link : headers.frame, this.#packet.end, offset, this.found.address];
    if (behind !== undefined) args.push(builder.constant(64, BigInt(behind)));
    const answer = builder.callFunction(seldom.functionFor(bytes, behind !== undefined), args);
    const inside = builder.block();
    builder.branch("slt", 64, answer, builder.constant(64, 0n), ended, inside);
    enter(builder, inside);
    return builder.truncate(answer, 32);
  }

  /** An address, what is added to it that is known, and what is not. */
  #start(
    { base, at, behind }: Place,
    ended: Block,
  ): { readonly start: Value; readonly at: number; readonly header: Value } {
    const { headers } = this;
    if (behind === NETWORK && at >= NETWORK && headers.transport !== undefined) {
      return { start: headers.transport, at: at - NETWORK, header: this.builder.constant(64, 0n) };
    }
    const start = base === "link" ? headers.link : headers.frame;
    if (behind === undefined) return { start, at, header: this.found.zero };
    const offset = this.builder.binary("add", 64, this.found.zero, this.builder.constant(64, BigInt(behind)));
    return { start, at, header: headerLength(this.builder, this.#load(1, this.#checked(start, offset, 1, ended), 0)) };
  }

  #checked(start: Value, offset: Value, bytes: number, ended: Block): Value {
    const { builder } = this;
    const inside = builder.block();
    const address = builder.packetAccess(start, this.#packet.end, offset, bytes, inside, ended);
    enter(builder, inside);
    return address;
  }

  /** What is further than that is behind the end of every frame that the kernel gives to a program in one piece. */
  #bounded(index: Value, furthest: number, ended: Block): Value {
    const { builder } = this;
    const inside = builder.block();
    builder.branch("ugt", 32, index, builder.constant(32, BigInt(furthest)), ended, inside);
    enter(builder, inside);
    return builder.zeroExtend(builder.binary("and", 32, index, builder.constant(32, 0xffffn)), 32, 64);
  }

  #address({ base, at, behind }: Place): readonly [Value, number] {
    const { frame, link, transport } = this.headers;
    if (behind === undefined) return [base === "link" ? link : frame, at];
    if (transport === undefined) throw new Error("what is behind the header of IPv4 has not been found");
    return [transport, at - NETWORK];
  }

  #load(bytes: Read["bytes"], address: Value, offset: number): Value {
    return this.builder.load(bytes === 1 ? 8 : bytes === 2 ? 16 : 32, address, offset, { volatile: true });
  }
}
