/**
 * Tests of kernel programs, without root and without Linux; and the same tests in the kernel.
 *
 * @module
 */
export { CompileError } from "./compile-source.ts";
export { type LoadForTestOptions, loadForTest } from "./load-for-test.ts";
export { TestBloomFilter } from "./maps/bloom-filter.ts";
export { type MapLayouts, TestMap } from "./maps/keyed-map.ts";
export { TestPerCpuMap } from "./maps/per-cpu-map.ts";
export { TestQueue } from "./maps/queue.ts";
export { ObjectUnderTest } from "./object-under-test.ts";
export { internetChecksum } from "./packet/checksum.ts";
export { ethernet, Packet } from "./packet/packet.ts";
export { ProgramUnderTest, type TestRun } from "./program-under-test.ts";
export { testsRunIn } from "./tests-run-in.ts";
export { VERDICTS, type Verdict } from "./verdict.ts";
