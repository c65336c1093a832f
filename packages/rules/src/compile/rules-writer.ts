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
import { countOf, leadingField, plan, type Step } from "./decision.ts";
import { eachRead, type Field, numbersOf } from "./field.ts";
import { enter, FoundRules } from "./found-rules.ts";
import {
  ARP_END,
  FrameFacts,
  IPV4_END,
  IPV4_PROTOCOL_END,
  IPV6_END,
  IPV6_PARTS,
  LINK_END,
  PORTS,
  WITH_PORTS,
  WITHOUT_PORTS,
} from "./frame-facts.ts";
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

/** Frames of the same type, with the rules that may match such: of what these ask, that about the type is answered. */
interface FrameClass {
  readonly known: Known;
  readonly rules: readonly Numbered[];
}

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
    this.#writeShort(this.#frame, { readable: 0, missing: LINK_END - 1 }, { known: [], rules: this.#rules });
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
    const type = builder.load(16, link, LINK_END - 2, { volatile: true });
    const classes = [
      { type: ETHERNET_IP, write: (frames: FrameClass) => this.#writeIpv4(link, frames) },
      { type: ETHERNET_IP6, write: (frames: FrameClass) => this.#writeIpv6(link, frames) },
      { type: ETHERNET_ARP, write: (frames: FrameClass) => this.#writeArp(link, frames) },
    ];
    for (const { type: known, write } of classes) {
      const [inside, next] = [builder.block(), builder.block()];
      builder.branch("eq", 32, type, builder.constant(32, BigInt(asLoaded(known, 2))), inside, next);
      enter(this.#builder, inside);
      write(this.#class(fromTo(known, known)));
      builder.jump(this.#done);
      enter(this.#builder, next);
    }
    const others = classes.reduce<Ranges>((all, one) => union(all, fromTo(one.type, one.type)), []);
    const unknown = allOf(16).flatMap((all) => complement(others, all));
    this.#writeAll(link, { readable: LINK_END, missing: UNKNOWN_EXTENT.missing }, this.#class(unknown));
    builder.jump(this.#done);
  }

  #class(types: Ranges): FrameClass {
    const known: Known = [[this.#facts.type.key, types]];
    const situation = this.#situation({ readable: LINK_END, missing: UNKNOWN_EXTENT.missing }, known);
    const rules = this.#rules.flatMap((rule) => {
      const meaning = shortened(rule.meaning, situation);
      return meaning.kind === "constant" && !meaning.value ? [] : [{ ...rule, meaning }];
    });
    return { known, rules };
  }

  #writeArp(link: Value, frames: FrameClass): void {
    this.#requireHeader(link, ARP_END, () => this.#writeParts(link, ARP_END, [], frames));
    this.#writeAll(link, { readable: ARP_END, missing: UNKNOWN_EXTENT.missing }, frames);
  }

  #writeIpv4(link: Value, frames: FrameClass): void {
    this.#requireHeader(link, IPV4_END, () => this.#writeShortIpv4(link, frames));
    this.#writeIpv4Rules(link, { readable: IPV4_END, missing: UNKNOWN_EXTENT.missing }, frames);
  }

  /** @param extent from the link header to the protocol at least */
  #writeIpv4Rules(link: Value, extent: Extent, { known, rules }: FrameClass, seldom?: SeldomReads): void {
    const { ipv4Protocol, isLaterFragment } = this.#facts;
    const situation = this.#situation(extent, known);
    const [common, special] = this.#divide(rules, situation, (read) => this.#facts.isAboutTransport4(read));
    const write = (protocols: Ranges, later: boolean | undefined, transport: Extent, address?: Value): void => {
      const tests = new Map(later === undefined ? [] : [[isLaterFragment, later]]);
      const here = { ...this.#situation(extent, [...known, [ipv4Protocol.key, protocols]]), transport, tests };
      this.#write(special, here, link, address, seldom);
    };
    if (special.length > 0) {
      this.#whenPorts(
        link,
        ipv4Protocol,
        (after) => this.#writeTransport4(link, after, write),
        () => write(WITHOUT_PORTS, undefined, UNKNOWN_EXTENT),
      );
    }
    this.#write(common, situation, link, undefined, seldom);
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

  #writeIpv6(link: Value, frames: FrameClass): void {
    const { ipv6Next } = this.#facts;
    const { known, rules } = frames;
    const extent = { readable: IPV6_END, missing: UNKNOWN_EXTENT.missing };
    this.#requireHeader(link, IPV6_END, () => this.#writeParts(link, IPV6_END, IPV6_PARTS, frames));
    const situation = this.#situation(extent, known);
    const [common, special] = this.#divide(rules, situation, (read) => this.#facts.isAboutTransport6(read));
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

  /** Goes on where all of a header is there; frames that end within it are few. */
  #requireHeader(link: Value, end: number, whenShort: () => void): void {
    const [short, after] = [this.#builder.block(), this.#builder.block()];
    this.#require(link, end, short);
    this.#builder.jump(after);
    enter(this.#builder, short);
    whenShort();
    enter(this.#builder, after);
  }

  /** Frames that end within a header of IPv4: there is something behind it only where it says that it is shorter than it can be. */
  #writeShortIpv4(link: Value, frames: FrameClass): void {
    const builder = this.#builder;
    const [few, tiny, usual] = [builder.block(), builder.block(), builder.block()];
    const extent = { readable: IPV4_PROTOCOL_END, missing: IPV4_END - 1 };
    this.#require(link, extent.readable, few);
    const length = headerLength(builder, builder.load(8, link, LINK_END, { volatile: true }));
    builder.branch("ult", 64, length, builder.constant(64, BigInt(IPV4_END - LINK_END)), tiny, usual);
    enter(builder, usual);
    this.#writeShort(link, extent, frames, { readable: 0, missing: 0 });
    enter(builder, tiny);
    this.#writeIpv4Rules(link, extent, frames, this.#seldom);
    builder.jump(this.#done);
    enter(builder, few);
    this.#writeShort(link, { readable: LINK_END, missing: extent.readable - 1 }, frames);
  }

  /**
   * Frames that end within a header.
   *
   * @param parts ends of what most rules ask of it, the furthest first: where those are known to be there or not, little is left to ask
   */
  #writeParts(link: Value, end: number, parts: readonly number[], frames: FrameClass): void {
    let missing = end - 1;
    for (const readable of parts) {
      const shorter = this.#builder.block();
      this.#require(link, readable, shorter);
      this.#writeShort(link, { readable, missing }, frames);
      enter(this.#builder, shorter);
      missing = readable - 1;
    }
    this.#writeShort(link, { readable: LINK_END, missing }, frames);
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
    rules: readonly Numbered[],
    situation: Situation,
    isSpecial: (read: Read) => boolean,
  ): readonly [common: readonly Numbered[], special: readonly Numbered[]] {
    const common: Numbered[] = [];
    const special: Numbered[] = [];
    for (const rule of rules) {
      const alternatives = alternativesOf(rule.meaning, situation);
      (alternatives.some((one) => asks(one, isSpecial)) ? special : common).push(rule);
    }
    return [common, special];
  }

  #writeAll(link: Value, extent: Extent, { known, rules }: FrameClass): void {
    this.#write(rules, this.#situation(extent, known), link);
  }

  #write(rules: readonly Numbered[], situation: Situation, link: Value, transport?: Value, seldom?: SeldomReads): void {
    this.#writePlan(this.#plan(rules, situation), { situation, frame: this.#frame, link, transport }, seldom);
  }

  /** The end of what is done about a frame; what may not be there is read by calls. */
  #writeShort(link: Value, extent: Extent, { known, rules }: FrameClass, transport = UNKNOWN_EXTENT): void {
    this.#write(rules, { ...this.#situation(extent, known), transport }, link, undefined, this.#seldom);
    this.#builder.jump(this.#done);
  }

  #plan(rules: readonly Numbered[], situation: Situation): readonly Step[] {
    const candidates = rules.flatMap(({ meaning, rule, decides, position }) =>
      waysToFind(meaning, situation).map((alternative) => ({ alternative, rule, decides, position })),
    );
    return plan(candidates);
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
