import type { HelperInteger, MemoryAccess } from "../src/helpers/helper.ts";
import type {
  KernelFunction,
  KernelFunctionArgument,
  KernelFunctionResult,
} from "../src/kernel-functions/kernel-function.ts";

const integers: Readonly<Record<string, HelperInteger>> = {
  int: "i32",
  s32: "i32",
  "long int": "i64",
  u16: "u16",
  __be16: "be16",
  u32: "u32",
  u64: "u64",
};
const bytes: Readonly<Record<HelperInteger, number>> = {
  u8: 1,
  u16: 2,
  be16: 2,
  u32: 4,
  i32: 4,
  be32: 4,
  u64: 8,
  i64: 8,
};

/** What programs are given; `bpf_cast_to_kern_ctx` takes whatever it is. */
const context = /^(const )?struct (xdp_md|__sk_buff) \*$|^void \*$/;

/** What a function takes and gives. Suffixes of names say more than C does (Documentation/bpf/kfuncs.rst). */
export function parsePrototype(
  prototype: string,
  memory: Readonly<Record<string, MemoryAccess>>,
  mayBeNull: boolean,
): Pick<KernelFunction, "arguments" | "result"> {
  const [, result = "", list = ""] = /^(.*) \w+\((.*)\)$/.exec(prototype) ?? [];
  const parameters = list === "" ? [] : list.split(", ").map(parameter);
  return {
    arguments: parameters.map((_, index) => argument(parameters, index, memory)),
    result: resultOf(result, mayBeNull),
  };
}

interface Parameter {
  readonly name: string;
  /** What stands behind `__` in its name. */
  readonly suffix: string | undefined;
  readonly c: string;
}

function parameter(text: string): Parameter {
  const [, c = "", name = "", suffix] = /^(.*) (\w+?)(?:__(sz|k|ign))?$/.exec(text) ?? [];
  return { name: suffix === "sz" ? `${name}_size` : name, suffix, c };
}

function argument(
  parameters: readonly Parameter[],
  index: number,
  memory: Readonly<Record<string, MemoryAccess>>,
): KernelFunctionArgument {
  const own = parameters[index];
  if (own === undefined) throw new RangeError(`there is no parameter ${index}`);
  const { name, suffix, c } = own;
  if (suffix === "k") return { name, c, kind: "type" };
  if (suffix === "ign") return { name, c, kind: "address" };
  if (index === 0 && context.test(c)) return { name, c, kind: "context" };
  const type = integers[c];
  if (type !== undefined) return { name, c, kind: "integer", type };
  if (parameters[index + 1]?.suffix === "sz") {
    return { name, c, kind: "memory", access: memory[name] ?? "write", size: { argument: index + 1 } };
  }
  const of = /^(?:const )?struct (\w+) \*$/.exec(c)?.[1];
  if (of !== undefined) return { name, c, kind: "structure", of };
  return { name, c, kind: "memory", access: memory[name] ?? "write", size: sizeOf(c.replace(/ \*$/, "")) };
}

/** Of an integer, or of an enumeration. */
function sizeOf(c: string): number {
  const type = c.startsWith("enum ") ? "u32" : integers[c];
  if (type === undefined) throw new Error(`there is no integer ${c}`);
  return bytes[type];
}

function resultOf(c: string, mayBeNull: boolean): KernelFunctionResult {
  if (c === "void") return { c, kind: "nothing" };
  if (c === "void *") return { c, kind: "structure", of: "", mayBeNull };
  const of = /^struct (\w+) \*$/.exec(c)?.[1];
  if (of !== undefined) return { c, kind: "structure", of, mayBeNull };
  const type = integers[c];
  if (type === undefined) throw new Error(`there is no integer ${c}`);
  return { c, kind: "integer", type };
}
