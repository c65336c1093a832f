import type { FunctionBuilder, ModuleBuilder } from "@weir/codegen";
import type { Predicate } from "@weir/pcap-filter/meaning";
import type { Alternative } from "./alternative.ts";
import { alternativesOf, asWritten, shortened } from "./alternatives-of.ts";
import { AROUND } from "./around.ts";
import { countOf, leadingField, plan, type Step } from "./decision.ts";
import type { FoundRules } from "./found-rules.ts";
import { FrameReader, type Headers } from "./frame-reader.ts";
import type { NumberedRule } from "./matched-rule.ts";
import { type Packet, packetOf } from "./packet.ts";
import type { SeldomReads } from "./seldom-reads.ts";
import type { Situation } from "./situation.ts";
import { writeSteps } from "./write-steps.ts";

/** So many rules, or tests for some frames, are too many for one function. */
const MANY = 150;

/** The function that plans are written into. */
interface Place {
  readonly module: ModuleBuilder;
  /** What it is called, and functions begin with that parts of it are put into. */
  readonly name: string;
  readonly builder: FunctionBuilder;
  readonly packet: Packet;
  readonly found: FoundRules;
}

/** Writes how the rules are found that match the frames of a situation. */
export class PlanWriter {
  readonly #place: Place;
  readonly #mayBeLarge: boolean;
  #functions = 0;

  /** @param rules how many there are in all */
  constructor(place: Place, rules: number) {
    this.#place = place;
    this.#mayBeLarge = rules > MANY;
  }

  /** @param seldom to read by calls what may not be there */
  write(rules: readonly NumberedRule[], headers: Headers, seldom?: SeldomReads): void {
    const candidates = rules.flatMap(({ meaning, rule, decides, position }) =>
      waysToFind(meaning, headers.situation).map((alternative) => ({ alternative, rule, decides, position })),
    );
    const steps = plan(candidates);
    const { builder, packet, found } = this.#place;
    if (this.#mayBeLarge && countOf(steps) > MANY) this.#writeFunction(steps, headers, seldom);
    else writeSteps(steps, new FrameReader(builder, packet, found, headers, seldom));
  }

  /** A function of its own keeps jumps short enough for an instruction. */
  #writeFunction(steps: readonly Step[], given: Headers, seldom: SeldomReads | undefined): void {
    const { situation, frame, link, transport } = given;
    const caller = this.#place;
    const name = `${caller.name}_${++this.#functions}`;
    const builder = caller.module.function(name, { parameters: 5, position: AROUND });
    const found = caller.found.in(builder, builder.parameter(4));
    const headers = {
      situation,
      frame: builder.parameter(0),
      link: builder.parameter(1),
      transport: transport && builder.parameter(2),
    };
    writeSteps(steps, new FrameReader(builder, packetOf(builder, builder.parameter(3)), found, headers, seldom));
    builder.return(builder.constant(64, 0n));
    const none = caller.builder.constant(64, 0n);
    caller.builder.callFunction(name, [frame, link, transport ?? none, caller.packet.context, caller.found.address]);
  }
}

/** The ways for a rule to match; one, as it is written, where searching for several would find nothing. */
function waysToFind(meaning: Predicate, situation: Situation): readonly Alternative[] {
  const ways = alternativesOf(meaning, situation);
  if (ways.length < 2 || ways.every((way) => leadingField(way) !== undefined)) return ways;
  return asWritten(shortened(meaning, situation));
}
