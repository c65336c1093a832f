import type { Block, FunctionBuilder, Value } from "@weir/codegen";
import { MOST_TAGS, TAG_TYPES } from "@weir/pcap-filter/meaning";
import { asLoaded } from "./byte-order.ts";
import { enter, type FoundRules } from "./found-rules.ts";
import { LINK_END } from "./frame-facts.ts";
import { HiddenWords } from "./hidden.ts";
import { type Packet, requireBytes } from "./packet.ts";

/** Bits of the offset behind tags. */
const TAGS_FIT = 0x3f;
/** Of no offset, and always set: verifiers remember a zero. */
const NOT_ZERO = 0x40;

/**
 * Writes the search for where a link header without tags would begin.
 *
 * @param frame of which a link header is there
 * @param cut   where to go with frames that end within their tags
 * @returns the address
 */
export function linkBehindTags(
  builder: FunctionBuilder,
  frame: Value,
  packet: Packet,
  found: FoundRules,
  cut: Block,
): Value {
  const link = builder.variable(64);
  const [tagged, behind] = [builder.block(), builder.block()];
  const words = HiddenWords.on(builder, 1);
  builder.write(link, frame);
  const isTag = (address: Value, offset: number, yes: Block, no: Block): void => {
    const type = builder.load(16, address, offset, { volatile: true });
    TAG_TYPES.forEach((known, index) => {
      const next = index === TAG_TYPES.length - 1 ? no : builder.block();
      builder.branch("eq", 32, type, builder.constant(32, BigInt(asLoaded(known, 2))), yes, next);
      if (next !== no) enter(builder, next);
    });
  };
  const first = builder.block();
  builder.seldom(first, () => isTag(frame, LINK_END - 2, first, behind));
  let next = first;
  for (let tags = 1; tags <= MOST_TAGS; tags++) {
    enter(builder, next);
    words.store(0, builder.constant(32, BigInt((4 * tags) | NOT_ZERO)));
    const bytes = { address: frame, offset: found.zero, bytes: LINK_END + 4 * tags };
    const address = requireBytes(builder, packet, bytes, cut);
    if (tags === MOST_TAGS) builder.jump(tagged);
    else {
      next = builder.block();
      isTag(address, LINK_END - 2 + 4 * tags, next, tagged);
    }
  }
  enter(builder, tagged);
  const inside = builder.block();
  const tags = builder.binary("and", 32, words.load(0), builder.constant(32, BigInt(TAGS_FIT)));
  const offset = builder.zeroExtend(tags, 32, 64);
  const address = builder.packetAccess(frame, packet.end, offset, LINK_END, inside, cut);
  enter(builder, inside);
  builder.write(link, address);
  builder.jump(behind);
  enter(builder, behind);
  return builder.read(link);
}
