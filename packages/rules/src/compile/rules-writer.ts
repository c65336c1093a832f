import type { Block, FunctionBuilder, ModuleBuilder, SourcePosition, Value } from "@weir/codegen";
import {
  ETHERNET_ARP,
  ETHERNET_IP,
  ETHERNET_IP6,
  leavesOf,
  MOST_TAGS,
  type Predicate,
  type Read,
  TAG_TYPES,
} from "@weir/pcap-filter/meaning";
import type { Alternative } from "./alternative.ts";
import { alternativesOf, asWritten, shortened } from "./alternatives-of.ts";
import { AROUND } from "./around.ts";
import { asLoaded } from "./byte-order.ts";
import { type Candidate, countOf, leadingField, plan, type Step } from "./decision.ts";
import { eachRead, type Field, numbersOf } from "./field.ts";
import { enter, FoundRules } from "./found-rules.ts";
import { ARP_END, FrameFacts, IPV4_END, IPV6_END, LINK_END, PORTS, WITH_PORTS, WITHOUT_PORTS } from "./frame-facts.ts";
import { FrameReader, type Headers, type Packet } from "./frame-reader.ts";
import { headerLength } from "./header-length.ts";
import { HiddenWords } from "./hidden.ts";
import { allOf, complement, fromTo, type Ranges, union } from "./ranges.ts";
import { SeldomReads } from "./seldom-reads.ts";
import { type Extent, type Situation, UNKNOWN_EXTENT } from "./situation.ts";
import { writeSteps } from "./write-steps.ts";

/** What there is to know of a rule to find out whether it matches. */
export interface MatchedRule {
  readonly meaning: Predicate;
  /** Whether the rules behind it are not asked once it has matched. */
  readonly decides: boolean;
  /** Whether it holds at some times only, so that it is not known beforehand whether it decides. Default false. */
  readonly isTimed?: boolean;
  /** Where it is written: the verifier and bpftool show it beside its code. */
  readonly position?: SourcePosition;
}

/** What is called for a rule that matched and does not decide: `(ctx, rule, length)`. Where it gives something else than 0, the rule decides. */
export const ACT = "act_on_rule";
/** What is called instead for a rule that has times. */
export const ACT_IN_TIME = "act_on_timed_rule";

/** Fields whose values are known. */
type Known = readonly (readonly [key: string, ranges: Ranges])[];

/** A rule's number with it. */
type Numbered = MatchedRule & { readonly rule: number };

/** So many rules, or tests for some frames, are too many for one function. */
const MANY = 150;
/** Where in what the kernel gives to the program the addresses of the frame's first byte and of the first one behind it are. */
const FRAME = 0;
const FRAME_END = 4;
/** Bits of the offset behind tags. */
const TAGS_FIT = 0x3f;
/** Of no offset, and always set: verifiers remember a zero. */
const NOT_ZERO = 0x40;

/**
 * Writes the body of the function that finds the rules which match a frame: `(ctx, length)`, where the length is that of the whole frame. It
 * gives the number of the first rule that decided, or `NO_RULE`.
 */
export class RulesWriter {
  readonly #module: ModuleBuilder;
  readonly #name: string;
  readonly #builder: FunctionBuilder;
  #functions = 0;
  readonly #rules: readonly Numbered[];
  readonly #base: Read["base"];
  readonly #facts: FrameFacts;
  readonly #found: FoundRules;
  readonly #frame: Value;
  readonly #packet: Packet;
  readonly #seldom: SeldomReads;
  readonly #done: Block;

  /**
   * @param name what the function is called, and those begin with that it is made of
   * @param vlan whether frames are looked at behind their tags
   */
  constructor(module: ModuleBuilder, name: string, rules: readonly MatchedRule[], vlan: "exact" | "through") {
    const builder = module.function(name, { parameters: 2, position: AROUND });
    this.#module = module;
    this.#name = name;
    this.#builder = builder;
    this.#rules = rules.map((rule, index) => ({ ...rule, rule: index }));
    this.#base = vlan === "through" ? "payload" : "frame";
    this.#facts = new FrameFacts(this.#base);
    this.#done = builder.block();
    this.#frame = addressIn(builder, builder.parameter(0), FRAME);
    this.#packet = packetOf(builder, builder.parameter(0));
    const others = rules.flatMap(({ decides }, rule) => (decides ? [] : [rule]));
    this.#found = FoundRules.none(builder, others, builder.truncate(builder.parameter(1), 32));
    this.#seldom = new SeldomReads(module, this.#found);
  }

  write(): void {
    const builder = this.#builder;
    const cut = builder.block();
    this.#require(this.#frame, LINK_END, cut);
    const link = this.#base === "frame" ? this.#frame : this.#linkBehindTags(cut);
    this.#writeTypes(link);
    enter(this.#builder, cut);
    // Neither is there a type that says what the payload is, nor a place for it.
    this.#writeOneByOne(this.#frame, { readable: 0, missing: LINK_END - 1 }, []);
    builder.jump(this.#done);
    enter(this.#builder, this.#done);
    this.#finish();
  }

  /** Where a link header without tags would begin; to `cut` where a frame ends within its tags. */
  #linkBehindTags(cut: Block): Value {
    const builder = this.#builder;
    const link = builder.variable(64);
    const [tagged, behind] = [builder.block(), builder.block()];
    const words = HiddenWords.on(builder, 1);
    builder.write(link, this.#frame);
    const isTag = (address: Value, offset: number, yes: Block, no: Block): void => {
      const type = builder.load(16, address, offset, { volatile: true });
      TAG_TYPES.forEach((known, index) => {
        const next = index === TAG_TYPES.length - 1 ? no : builder.block();
        builder.branch("eq", 32, type, builder.constant(32, BigInt(asLoaded(known, 2))), yes, next);
        if (next !== no) enter(this.#builder, next);
      });
    };
    const first = builder.block();
    builder.seldom(first, () => isTag(this.#frame, LINK_END - 2, first, behind));
    let next = first;
    for (let tags = 1; tags <= MOST_TAGS; tags++) {
      enter(this.#builder, next);
      words.store(0, builder.constant(32, BigInt((4 * tags) | NOT_ZERO)));
      const address = this.#checked(this.#frame, this.#found.zero, LINK_END + 4 * tags, cut);
      if (tags === MOST_TAGS) builder.jump(tagged);
      else {
        next = builder.block();
        isTag(address, LINK_END - 2 + 4 * tags, next, tagged);
      }
    }
    enter(this.#builder, tagged);
    const inside = builder.block();
    const tags = builder.binary("and", 32, words.load(0), builder.constant(32, BigInt(TAGS_FIT)));
    const offset = builder.zeroExtend(tags, 32, 64);
    const address = builder.packetAccess(this.#frame, this.#packet.end, offset, LINK_END, inside, cut);
    enter(this.#builder, inside);
    builder.write(link, address);
    builder.jump(behind);
    enter(this.#builder, behind);
    return builder.read(link);
  }

  #writeTypes(link: Value): void {
    const builder = this.#builder;
    const { key } = this.#facts.type;
    const type = builder.load(16, link, LINK_END - 2, { volatile: true });
    const classes = [
      { type: ETHERNET_IP, write: () => this.#writeIpv4(link) },
      { type: ETHERNET_IP6, write: () => this.#writeIpv6(link) },
      { type: ETHERNET_ARP, write: () => this.#writeArp(link) },
    ];
    for (const { type: known, write } of classes) {
      const [inside, next] = [builder.block(), builder.block()];
      builder.branch("eq", 32, type, builder.constant(32, BigInt(asLoaded(known, 2))), inside, next);
      enter(this.#builder, inside);
      write();
      builder.jump(this.#done);
      enter(this.#builder, next);
    }
    const others = classes.reduce<Ranges>((all, one) => union(all, fromTo(one.type, one.type)), []);
    const unknown = allOf(16).flatMap((all) => complement(others, all));
    this.#writeAll(link, { readable: LINK_END, missing: UNKNOWN_EXTENT.missing }, [[key, unknown]]);
    builder.jump(this.#done);
  }

  #writeArp(link: Value): void {
    const known: Known = [[this.#facts.type.key, fromTo(ETHERNET_ARP, ETHERNET_ARP)]];
    this.#requireHeader(link, ARP_END, known);
    this.#writeAll(link, { readable: ARP_END, missing: UNKNOWN_EXTENT.missing }, known);
  }

  #writeIpv4(link: Value): void {
    const { type, ipv4Protocol, isLaterFragment } = this.#facts;
    const known: Known = [[type.key, fromTo(ETHERNET_IP, ETHERNET_IP)]];
    const extent = { readable: IPV4_END, missing: UNKNOWN_EXTENT.missing };
    this.#requireHeader(link, IPV4_END, known);
    const situation = this.#situation(extent, known);
    const [common, special] = this.#divide(situation, (read) => this.#facts.isAboutTransport4(read));
    const write = (protocols: Ranges, later: boolean | undefined, transport: Extent, address?: Value): void => {
      const tests = new Map(later === undefined ? [] : [[isLaterFragment, later]]);
      const here = { ...this.#situation(extent, [...known, [ipv4Protocol.key, protocols]]), transport, tests };
      this.#write(special, here, link, address);
    };
    if (special.length > 0) {
      this.#whenPorts(
        link,
        ipv4Protocol,
        (after) => this.#writeTransport4(link, after, write),
        () => write(WITHOUT_PORTS, undefined, UNKNOWN_EXTENT),
      );
    }
    this.#write(common, situation, link);
  }

  /** Packets of a protocol with ports: whole ones or first fragments, which have them, and later fragments. */
  #writeTransport4(
    link: Value,
    after: Block,
    write: (protocols: Ranges, later: boolean, transport: Extent, address?: Value) => void,
  ): void {
    const builder = this.#builder;
    const [whole, later] = [builder.block(), builder.block()];
    const fragment = builder.load(16, link, 20, { volatile: true });
    const mask = builder.constant(32, BigInt(asLoaded(0x1fff, 2)));
    builder.seldom(later, () => builder.branch("set", 32, fragment, mask, later, whole));
    enter(this.#builder, later);
    write(WITH_PORTS, true, UNKNOWN_EXTENT);
    builder.jump(after);
    enter(this.#builder, whole);
    const length = headerLength(builder, builder.load(8, link, LINK_END, { volatile: true }));
    const start = builder.binary("add", 64, length, builder.constant(64, BigInt(LINK_END)));
    let missing = Number.POSITIVE_INFINITY;
    for (const bytes of [PORTS, PORTS / 2, 0]) {
      const outside = builder.block();
      const address = bytes === 0 ? undefined : this.#checked(link, start, bytes, outside);
      write(WITH_PORTS, false, { readable: bytes, missing }, address);
      builder.jump(after);
      missing = bytes - 1;
      if (bytes > 0) enter(this.#builder, outside);
    }
  }

  #writeIpv6(link: Value): void {
    const { type, ipv6Next } = this.#facts;
    const known: Known = [[type.key, fromTo(ETHERNET_IP6, ETHERNET_IP6)]];
    const extent = { readable: IPV6_END, missing: UNKNOWN_EXTENT.missing };
    this.#requireHeader(link, IPV6_END, known);
    const situation = this.#situation(extent, known);
    const [common, special] = this.#divide(situation, (read) => this.#facts.isAboutTransport6(read));
    const write = (protocols: Ranges, here: Extent): void =>
      this.#write(special, this.#situation(here, [...known, [ipv6Next.key, protocols]]), link);
    if (special.length > 0) {
      this.#whenPorts(
        link,
        ipv6Next,
        (after) => this.#writeTransport6(link, after, write),
        () => write(WITHOUT_PORTS, extent),
      );
    }
    this.#write(common, situation, link);
  }

  #writeTransport6(link: Value, after: Block, write: (protocols: Ranges, here: Extent) => void): void {
    let missing = Number.POSITIVE_INFINITY;
    for (const bytes of [PORTS, PORTS / 2, 0]) {
      const outside = this.#builder.block();
      if (bytes > 0) this.#require(link, IPV6_END + bytes, outside);
      write(WITH_PORTS, { readable: IPV6_END + bytes, missing });
      this.#builder.jump(after);
      missing = IPV6_END + bytes - 1;
      if (bytes > 0) enter(this.#builder, outside);
    }
  }

  /** One thing for packets of protocols with ports, which ends at the block that it is given, another for all others. */
  #whenPorts(link: Value, { place }: Field, has: (after: Block) => void, hasNone: () => void): void {
    const builder = this.#builder;
    const [inside, after] = [builder.block(), builder.block()];
    const protocol = builder.load(8, link, place?.at ?? 0, { volatile: true });
    for (const { first } of WITH_PORTS) {
      const next = builder.block();
      builder.branch("eq", 32, protocol, builder.constant(32, BigInt(first)), inside, next);
      enter(this.#builder, next);
    }
    hasNone();
    builder.jump(after);
    enter(this.#builder, inside);
    has(after);
    enter(this.#builder, after);
  }

  /** Goes on where all of a header is there; frames that end within it are few, and asked rule by rule. */
  #requireHeader(link: Value, end: number, known: Known): void {
    const [short, after] = [this.#builder.block(), this.#builder.block()];
    this.#require(link, end, short);
    this.#builder.jump(after);
    enter(this.#builder, short);
    this.#writeOneByOne(link, { readable: LINK_END, missing: end - 1 }, known);
    this.#builder.jump(this.#done);
    enter(this.#builder, after);
  }

  /** Goes on where bytes are there from an address on. */
  #require(address: Value, bytes: number, outside: Block): Value {
    return this.#checked(address, this.#builder.constant(64, 0n), bytes, outside);
  }

  #checked(address: Value, offset: Value, bytes: number, outside: Block): Value {
    const builder = this.#builder;
    const inside = builder.block();
    let checked = address;
    builder.seldom(outside, () => {
      checked = builder.packetAccess(address, this.#packet.end, offset, bytes, inside, outside);
    });
    enter(this.#builder, inside);
    return checked;
  }

  /** Rules whose answer is the same for all frames of a situation, whatever is told by some reads, and the others. */
  #divide(
    situation: Situation,
    isSpecial: (read: Read) => boolean,
  ): readonly [common: readonly Numbered[], special: readonly Numbered[]] {
    const common: Numbered[] = [];
    const special: Numbered[] = [];
    for (const rule of this.#rules) {
      const alternatives = alternativesOf(rule.meaning, situation);
      (alternatives.some((one) => asks(one, isSpecial)) ? special : common).push(rule);
    }
    return [common, special];
  }

  #writeAll(link: Value, extent: Extent, known: Known): void {
    this.#write(this.#rules, this.#situation(extent, known), link);
  }

  #write(rules: readonly Numbered[], situation: Situation, link: Value, transport?: Value): void {
    const candidates = this.#candidates(rules, (meaning) => waysToFind(meaning, situation));
    this.#writePlan(plan(candidates), { situation, frame: this.#frame, link, transport });
  }

  #writeOneByOne(link: Value, extent: Extent, known: Known): void {
    const situation = this.#situation(extent, known);
    const candidates = this.#candidates(this.#rules, (meaning) => fewWays(meaning, situation));
    const headers = { situation, frame: this.#frame, link, transport: undefined };
    this.#writePlan([{ kind: "try", candidates }], headers, this.#seldom);
  }

  #candidates(rules: readonly Numbered[], ways: (meaning: Predicate) => readonly Alternative[]): readonly Candidate[] {
    return rules.flatMap(({ meaning, rule, decides, position }) =>
      ways(meaning).map((alternative) => ({ alternative, rule, decides, position })),
    );
  }

  #writePlan(steps: readonly Step[], headers: Headers, seldom?: SeldomReads): void {
    const isLarge = this.#rules.length > MANY && countOf(steps) > MANY;
    if (isLarge) this.#writeFunction(steps, headers, seldom);
    else writeSteps(steps, new FrameReader(this.#builder, this.#packet, this.#found, headers, seldom));
  }

  /** A function of its own keeps jumps short enough for an instruction. */
  #writeFunction(steps: readonly Step[], given: Headers, seldom: SeldomReads | undefined): void {
    const { situation, frame, link, transport } = given;
    const name = `${this.#name}_${++this.#functions}`;
    const builder = this.#module.function(name, { parameters: 5, position: AROUND });
    const found = this.#found.in(builder, builder.parameter(4));
    const headers = {
      situation,
      frame: builder.parameter(0),
      link: builder.parameter(1),
      transport: transport && builder.parameter(2),
    };
    writeSteps(steps, new FrameReader(builder, packetOf(builder, builder.parameter(3)), found, headers, seldom));
    builder.return(builder.constant(64, 0n));
    const args = [frame, link, transport ?? this.#builder.constant(64, 0n), this.#packet.context, this.#found.address];
    this.#builder.callFunction(name, args);
  }

  #finish(): void {
    const builder = this.#builder;
    const end = builder.block();
    this.#found.eachMarked((rule) => {
      const act = this.#rules[rule]?.isTimed ? ACT_IN_TIME : ACT;
      const number = builder.constant(32, BigInt(rule));
      const [before, decides, on] = [builder.block(), builder.block(), builder.block()];
      // A rule that decided before it is the last one that is asked.
      builder.branch("ult", 32, number, this.#found.decided, before, end);
      enter(builder, before);
      const args = [builder.parameter(0), builder.constant(64, BigInt(rule)), builder.parameter(1)];
      const answer = builder.truncate(builder.callFunction(act, args), 32);
      builder.branch("eq", 32, answer, builder.constant(32, 0n), on, decides);
      enter(builder, decides);
      this.#found.decideAfterAll(rule);
      builder.jump(end);
      enter(builder, on);
    });
    builder.jump(end);
    enter(builder, end);
    builder.return(builder.zeroExtend(this.#found.decided, 32, 64));
  }

  /** What is known where so much of a frame is there, from a link header without tags on. */
  #situation(link: Extent, known: Known): Situation {
    // Behind tags, another address was compared with the end of the frame.
    const untagged = { readable: Math.min(link.readable, LINK_END), missing: UNKNOWN_EXTENT.missing };
    const frame = this.#base === "frame" ? link : untagged;
    return { frame, link, transport: UNKNOWN_EXTENT, fields: new Map(known), tests: new Map() };
  }
}

/** The packet of a function that is given what the kernel gives to the program. */
function packetOf(builder: FunctionBuilder, context: Value): Packet {
  return { context, end: addressIn(builder, context, FRAME_END) };
}

/** An address that the kernel gives to the program. */
function addressIn(builder: FunctionBuilder, context: Value, offset: number): Value {
  return builder.zeroExtend(builder.load(32, context, offset, { packet: true }), 32, 64);
}

/** The ways for a rule to match; one, as it is written, where searching for several would find nothing. */
function waysToFind(meaning: Predicate, situation: Situation): readonly Alternative[] {
  const ways = alternativesOf(meaning, situation);
  if (ways.length < 2 || ways.every((way) => leadingField(way) !== undefined)) return ways;
  return asWritten(shortened(meaning, situation));
}

/** The ways for a rule to match, or the one that is written, whichever asks for less. */
function fewWays(meaning: Predicate, situation: Situation): readonly Alternative[] {
  const ways = alternativesOf(meaning, situation);
  const written = shortened(meaning, situation);
  const asked = ways.reduce((sum, { fields, tests }) => sum + fields.size + tests.size, 0);
  return asked <= [...leavesOf(written)].length ? ways : asWritten(written);
}

/** Whether an alternative asks for something by certain reads. */
function asks({ fields, tests }: Alternative, isSpecial: (read: Read) => boolean): boolean {
  for (const { field } of fields.values()) {
    const { place } = field;
    if (place === undefined) continue;
    const base = place.base === "link" ? "payload" : "frame";
    const at = place.at - (place.base === "link" ? LINK_END : 0);
    if (isSpecial({ kind: "read", bytes: place.bytes, base, at, behind: place.behind, index: undefined })) return true;
  }
  let found = false;
  for (const { predicate } of tests.values()) {
    for (const value of [...leavesOf(predicate)].flatMap(numbersOf)) {
      eachRead(value, (read) => {
        found ||= isSpecial(read);
      });
    }
  }
  return found;
}
