import { Random } from "@weir/laboratory";

/** Packets after which all comes again: as many as one figure is measured with. */
const LENGTH = 1_000_000;
/** So that it is the same each time. */
const SEED = 20_261_130;
const FIRST_PORT = 1024;
/** Port 80 in the word of both ports. */
const DESTINATION_PORT = 0x5000_0000;
const WORDS = 2;

/** Flows that are known, and packets of which each has another source. */
export type PartName = "known" | "unknown";

/** A part of a schedule, which is gone through again and again. */
interface Part {
  readonly first: number;
  /** Behind the last one. */
  readonly end: number;
  /** What is added to all sources each time, so that nobody comes twice. */
  readonly growth: number;
}

/** Which flow each packet is one of: as words of a frame, the source and both ports. All sources are different, and at random. */
export class Schedule {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly parts: Readonly<Record<PartName, Part>>;

  private constructor(words: Uint32Array<ArrayBuffer>, known: number) {
    this.words = words;
    this.parts = {
      known: { first: 0, end: known, growth: 0 },
      unknown: { first: known, end: LENGTH, growth: 0x9e37_79b1 },
    };
  }

  /** All flows in random order, then all again in another one. */
  static uniform(flows: number): Schedule {
    const random = new Random(SEED);
    const order = Uint32Array.from({ length: flows }, (_, flow) => flow);
    return Schedule.#of(someFlows(flows, random), (place) => {
      if (place % flows === 0) shuffle(order, random);
      return order[place % flows] ?? 0;
    });
  }

  /** Each packet's flow by chance, the n-th one with the n-th part of the first one's chance. */
  static zipf(flows: number): Schedule {
    const random = new Random(SEED);
    const sums = new Float64Array(flows);
    let sum = 0;
    for (let flow = 0; flow < flows; flow++) {
      sum += 1 / (flow + 1);
      sums[flow] = sum;
    }
    return Schedule.#of(someFlows(flows, random), () => placeOf(sums, (random.below(2 ** 32) / 2 ** 32) * sum));
  }

  /** So many known flows, with one packet each; all other packets are from somebody unknown. */
  static flood(known: number): Schedule {
    return new Schedule(someFlows(LENGTH, new Random(SEED)), known);
  }

  static #of(flows: Uint32Array, choose: (place: number) => number): Schedule {
    const words = new Uint32Array(LENGTH * WORDS);
    for (let place = 0; place < LENGTH; place++) {
      const flow = choose(place);
      words.set(flows.subarray(flow * WORDS, (flow + 1) * WORDS), place * WORDS);
    }
    return new Schedule(words, LENGTH);
  }

  get length(): number {
    return this.words.length / WORDS;
  }

  /** The names of the flows of the packets in a part. */
  names(part: PartName): string[] {
    const { first, end } = this.parts[part];
    return Array.from({ length: end - first }, (_, index) => {
      const [source = 0, ports = 0] = this.words.subarray((first + index) * WORDS);
      return flowName(source, ports);
    });
  }
}

/** An IPv4 flow's source, in dotted decimal, and its port; of words as they are in a frame. */
export function flowName(source: number, ports: number): string {
  const address = [0, 8, 16, 24].map((shift) => (source >>> shift) & 255).join(".");
  return `${address} ${((ports & 255) << 8) | ((ports >>> 8) & 255)}`;
}

function someFlows(count: number, random: Random): Uint32Array<ArrayBuffer> {
  const sources = new Set<number>();
  while (sources.size < count) sources.add(random.below(2 ** 32));
  const words = new Uint32Array(count * WORDS);
  for (const [index, source] of [...sources].entries()) {
    const port = FIRST_PORT + random.below(0x1_0000 - FIRST_PORT);
    words[index * WORDS] = source;
    words[index * WORDS + 1] = DESTINATION_PORT | ((port & 255) << 8) | (port >>> 8);
  }
  return words;
}

function shuffle(values: Uint32Array, random: Random): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const value = values[last] ?? 0;
    values[last] = values[other] ?? 0;
    values[other] = value;
  }
}

/** The first of ascending sums that is above a value. */
function placeOf(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
