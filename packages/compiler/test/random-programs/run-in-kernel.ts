import type { ObjectSpec } from "@weir/bytecode";
import { bytes, u32 } from "@weir/bytecode/layout";
import { ArrayMap, HashMap, type LoadedObject, loadObject } from "@weir/kernel";
import { hex, type Outcome, PROGRAM, sorted } from "./outcome.ts";

/** The outcomes of the bytecode in the kernel. @throws {VerifierError} when the verifier refuses it */
export function runInKernel(spec: ObjectSpec, packets: readonly Uint8Array[]): readonly Outcome[] {
  using object = loadObject(spec);
  const found = object.program(PROGRAM);
  if (found.kind !== "loaded") throw new Error("the object lacks its program");
  return packets.map((packet) => {
    const { verdict, data } = found.program.testRun({ data: packet });
    const maps = Object.fromEntries([...spec.maps.keys()].map((name) => [name, contents(object, name)]));
    return { verdict: BigInt(verdict >>> 0), packet: hex(data), maps };
  });
}

function contents(object: LoadedObject, name: string): Outcome["maps"][string] {
  const map = object.map(name);
  const spec = object.spec.maps.get(name);
  const value = bytes(spec?.valueSize ?? 1);
  // Nobody has put a target there, and the kernel would not say its values by their bytes.
  if (spec?.type === "cpu-map" || spec?.type === "device-map") return [];
  if (spec?.type === "array") return sorted(indexed(ArrayMap.of(map, { value }).entries()));
  return sorted(HashMap.of(map, { key: bytes(spec?.keySize ?? 1), value }).entries());
}

function* indexed(
  entries: Iterable<readonly [index: number, value: Uint8Array]>,
): Generator<readonly [Uint8Array, Uint8Array]> {
  for (const [index, value] of entries) {
    const key = new Uint8Array(u32.size);
    new DataView(key.buffer).setUint32(0, index, true);
    yield [key, value];
  }
}
