import { helperNumber, type KernelTypeRelocation } from "@weir/bytecode";
import type { Value } from "@weir/codegen";
import type { KernelFieldNode } from "../tree/access.ts";
import type { BuiltinNode } from "../tree/call.ts";
import { isRegister, memberBits } from "../types/kernel-structure.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { type Lowered, lowered } from "./lowered.ts";

type Question = KernelTypeRelocation["question"];

/** A member of a structure of the kernel: its value, or its address when it does not fit into a register. */
export function lowerKernelField(node: KernelFieldNode, lowering: FunctionLowering): Lowered {
  const { member } = node;
  if (!isRegister(member)) return lowered(kernelFieldAddress(node, lowering));
  const { builder } = lowering;
  const bits = memberBits(member);
  const value = loadMember(node, bits, lowering);
  if (member.bitField) return lowered(extractBits(node, value, lowering));
  const { type } = node;
  const signed = type.kind === "integer" && type.signed && bits < 32;
  return lowered(signed ? builder.signExtend(value, bits === 8 ? 8 : 16, 32) : value);
}

/** Where a member is. */
export function kernelFieldAddress(node: KernelFieldNode, lowering: FunctionLowering): Value {
  return lowering.builder.binary("add", 64, lowering.value(node.object), askField("field-offset", node, lowering));
}

/** A number about a member that depends on the running kernel. */
export function askField(question: Question, node: KernelFieldNode, { module, builder }: FunctionLowering): Value {
  const { relocation, local } = module.kernelTypes.ask(question, node.structure, node.path);
  return builder.kernelType(relocation, local);
}

/** As {@link askField}, about what a call names: a structure as a whole, or an enumerator. */
export function askType(question: Question, { asks, builtin }: BuiltinNode, lowering: FunctionLowering): Value {
  const { module, builder } = lowering;
  if (asks === undefined) throw new Error(`${builtin.name} asks about nothing`);
  const { relocation, local } =
    asks.form === "enumerator"
      ? module.kernelTypes.askEnumerator(question, asks)
      : module.kernelTypes.ask(question, asks, []);
  return builder.kernelType(relocation, local);
}

function loadMember(node: KernelFieldNode, bits: 8 | 16 | 32 | 64, lowering: FunctionLowering): Value {
  const { builder, module } = lowering;
  if (!lowering.probesKernel) {
    const object = lowering.value(node.object);
    const { relocation, local } = module.kernelTypes.ask("field-offset", node.structure, node.path);
    return builder.loadField(bits, object, local, relocation);
  }
  // The verifier knows nothing of the address: the helper looks whether there is memory.
  const address = kernelFieldAddress(node, lowering);
  const size = bits / 8;
  const copy = builder.stackSlot(size, size);
  builder.callHelper(helperNumber("bpf_probe_read_kernel"), [copy, builder.constant(64, BigInt(size)), address]);
  return builder.load(bits, copy, 0);
}

/** What was loaded is as many bytes as the type has; the member is some bits in the middle of them. */
function extractBits(node: KernelFieldNode, loaded: Value, lowering: FunctionLowering): Value {
  const { builder } = lowering;
  const { type } = node;
  const bits = type.kind === "integer" ? type.bits : 32;
  const wide = bits === 64 ? loaded : builder.zeroExtend(loaded, bits, 64);
  const left = builder.binary("shl", 64, wide, askField("field-shift-left", node, lowering));
  const signed = type.kind === "integer" && type.signed;
  const value = builder.binary(signed ? "sar" : "shr", 64, left, askField("field-shift-right", node, lowering));
  return bits === 64 ? value : builder.truncate(value, 32);
}
