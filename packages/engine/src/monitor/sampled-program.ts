import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { ArrayMap, type LoadedObject, PerCpuArrayMap } from "@weir/kernel";
import { monitorObject, SamplingRate, Stats, sampledMonitorObject } from "@weir/programs";
import { randomBytes } from "../random-bytes.ts";
import { hasEstimates, type SampleSettings } from "./sample-settings.ts";

/** The monitor's object, which has code for samples where there are any. */
export function objectFor(sample: SampleSettings | undefined): ObjectSpec {
  return sample === undefined ? monitorObject() : sampledMonitorObject();
}

/** An object that samples, set for these samples. */
export function withSamples(object: ObjectSpec, sample: SampleSettings, slots: number): ObjectSpec {
  if (!hasEstimates(sample)) return withConfig(object, { sample_flows: greatestHash(sample.rate) });
  return withMapSizes(object, { XDP_SAMPLES: slots, XDP_SAMPLES6: slots });
}

/** Of hashes of 64 bits, one of `rate` is not greater. */
function greatestHash(rate: number): bigint {
  return 2n ** 64n / BigInt(rate) - 1n;
}

/** From now on one of so many packets is sampled. */
export function setRate(object: LoadedObject, rate: number): void {
  ArrayMap.of(object.map("SAMPLING"), { value: SamplingRate }).set(0, { weight: BigInt(rate) });
}

/** Begins a sequence of random numbers on each CPU that nobody can foresee; before the program runs, since it counts there. */
export function seed(object: LoadedObject): void {
  const stats = PerCpuArrayMap.of(object.map("STATS"), { value: Stats });
  const parts = stats.at(0);
  const random = randomBytes(parts.length * 8);
  stats.set(
    0,
    parts.map((part, cpu) => ({ ...part, sampler_state: random.readBigUInt64LE(cpu * 8) })),
  );
}
