import type { Block, FunctionBuilder, ModuleBuilder, Value } from "@weir/codegen";
import { ETHERNET_ARP, ETHERNET_IP, ETHERNET_IP6, type Read } from "@weir/pcap-filter/meaning";
import { shortened } from "./alternatives-of.ts";
import { AROUND } from "./around.ts";
import { asLoaded } from "./byte-order.ts";
import { divided } from "./divided.ts";
import type { Field } from "./field.ts";
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
import type { Headers } from "./frame-reader.ts";
import { headerLength } from "./header-length.ts";
import { linkBehindTags } from "./link-behind-tags.ts";
import type { MatchedRule, NumberedRule } from "./matched-rule.ts";
import { frameOf, type Packet, packetOf, requireBytes } from "./packet.ts";
import { PlanWriter } from "./plan-writer.ts";
import { allOf, complement, fromTo, type Ranges, union } from "./ranges.ts";
import { SeldomReads } from "./seldom-reads.ts";
import { type Extent, type Situation, UNKNOWN_EXTENT } from "./situation.ts";

/** What is called for a rule that matched and does not decide: `(ctx, rule, length)`. Where it gives something else than 0, the rule decides. */
export const ACT = "act_on_rule";
/** What is called instead for a rule that has times. */
export const ACT_IN_TIME = "act_on_timed_rule";

/** Fields whose values are known. */
type Known = readonly (readonly [key: string, ranges: Ranges])[];

/** Where the headers are of frames that are told apart that far. */
type Place = Omit<Headers, "frame" | "transport"> & Partial<Pick<Headers, "transport">>;

/** Frames of the same type, with the rules that may match such: of what these ask, that about the type is answered. */
interface FrameClass {
  readonly known: Known;
  readonly rules: readonly NumberedRule[];
}

/**
 * Writes the body of the function that finds the rules which match a frame: `(ctx, length)`, where the length is that of the whole frame. It
 * gives the number of the first rule that decided, or `NO_RULE`.
 */
export class RulesWriter {
  readonly #builder: FunctionBuilder;
  readonly #rules: readonly NumberedRule[];
  readonly #base: Read["base"];
  readonly #facts: FrameFacts;
  readonly #found: FoundRules;
  readonly #frame: Value;
  readonly #packet: Packet;
  readonly #seldom: SeldomReads;
  readonly #plans: PlanWriter;
  readonly #done: Block;

  /**
   * @param name what the function is called, and those begin with that it is made of
   * @param vlan whether frames are looked at behind their tags
   */
  constructor(module: ModuleBuilder, name: string, rules: readonly MatchedRule[], vlan: "exact" | "through") {
    const builder = module.function(name, { parameters: 2, position: AROUND });
    this.#builder = builder;
    this.#rules = rules.map((rule, index) => ({ ...rule, rule: index }));
    this.#base = vlan === "through" ? "payload" : "frame";
    this.#facts = new FrameFacts(this.#base);
    this.#done = builder.block();
    this.#frame = frameOf(builder, builder.parameter(0));
    this.#packet = packetOf(builder, builder.parameter(0));
    const others = rules.flatMap(({ decides }, rule) => (decides ? [] : [rule]));
    this.#found = FoundRules.none(builder, others, builder.truncate(builder.parameter(1), 32));
    this.#seldom = new SeldomReads(module, this.#found);
    this.#plans = new PlanWriter({ module, name, builder, packet: this.#packet, found: this.#found }, rules.length);
  }

  write(): void {
    const builder = this.#builder;
    const cut = builder.block();
    this.#require(this.#frame, LINK_END, cut);
    const link =
      this.#base === "frame" ? this.#frame : linkBehindTags(this.#builder, this.#frame, this.#packet, this.#found, cut);
    this.#writeTypes(link);
    enter(this.#builder, cut);
    // Neither is there a type that says what the payload is, nor a place for it.
    this.#writeShort(this.#frame, { readable: 0, missing: LINK_END - 1 }, { known: [], rules: this.#rules });
    enter(this.#builder, this.#done);
    this.#finish();
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
    const [common, special] = divided(rules, situation, (read) => this.#facts.isAboutTransport4(read));
    const write = (protocols: Ranges, later: boolean | undefined, transport: Extent, address?: Value): void => {
      const tests = new Map(later === undefined ? [] : [[isLaterFragment, later]]);
      const here = { ...this.#situation(extent, [...known, [ipv4Protocol.key, protocols]]), transport, tests };
      this.#write(special, { situation: here, link, transport: address }, seldom);
    };
    if (special.length > 0) {
      this.#whenPorts(
        link,
        ipv4Protocol,
        (after) => this.#writeTransport4(link, after, write),
        () => write(WITHOUT_PORTS, undefined, UNKNOWN_EXTENT),
      );
    }
    this.#write(common, { situation, link }, seldom);
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
      const address =
        bytes === 0 ? undefined : requireBytes(builder, this.#packet, { address: link, offset: start, bytes }, outside);
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
    const [common, special] = divided(rules, situation, (read) => this.#facts.isAboutTransport6(read));
    const write = (protocols: Ranges, here: Extent): void =>
      this.#write(special, { situation: this.#situation(here, [...known, [ipv6Next.key, protocols]]), link });
    if (special.length > 0) {
      this.#whenPorts(
        link,
        ipv6Next,
        (after) => this.#writeTransport6(link, after, write),
        () => write(WITHOUT_PORTS, extent),
      );
    }
    this.#write(common, { situation, link });
  }

  #writeTransport6(link: Value, after: Block, write: (protocols: Ranges, here: Extent) => void): void {
    const ends = [IPV6_END + PORTS, IPV6_END + PORTS / 2];
    this.#eachExtent(link, ends, { readable: IPV6_END, missing: UNKNOWN_EXTENT.missing }, (here) => {
      write(WITH_PORTS, here);
      this.#builder.jump(after);
    });
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
    const extent = { readable: LINK_END, missing: end - 1 };
    this.#eachExtent(link, parts, extent, (here) => this.#writeShort(link, here, frames));
  }

  /**
   * Tells frames of an extent apart by how much more there is of them.
   *
   * @param ends  behind what is readable in any case, the furthest first
   * @param write writes what is done about frames of a smaller extent, and ends the block
   */
  #eachExtent(link: Value, ends: readonly number[], whole: Extent, write: (here: Extent) => void): void {
    let { missing } = whole;
    for (const readable of ends) {
      const shorter = this.#builder.block();
      this.#require(link, readable, shorter);
      write({ readable, missing });
      enter(this.#builder, shorter);
      missing = readable - 1;
    }
    write({ readable: whole.readable, missing });
  }

  /** Goes on where bytes are there from an address on. */
  #require(address: Value, bytes: number, outside: Block): Value {
    return requireBytes(this.#builder, this.#packet, { address, bytes }, outside);
  }

  #writeAll(link: Value, extent: Extent, { known, rules }: FrameClass): void {
    this.#write(rules, { situation: this.#situation(extent, known), link });
  }

  #write(rules: readonly NumberedRule[], place: Place, seldom?: SeldomReads): void {
    this.#plans.write(rules, { transport: undefined, ...place, frame: this.#frame }, seldom);
  }

  /** The end of what is done about a frame; what may not be there is read by calls. */
  #writeShort(link: Value, extent: Extent, { known, rules }: FrameClass, transport = UNKNOWN_EXTENT): void {
    const situation = { ...this.#situation(extent, known), transport };
    this.#write(rules, { situation, link }, this.#seldom);
    this.#builder.jump(this.#done);
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
