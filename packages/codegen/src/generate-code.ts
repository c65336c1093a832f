import { disassemble } from "@weir/bytecode";
import { allocateRegisters } from "./allocate/allocate.ts";
import { type CodeFunction, successorsOf } from "./code/code.ts";
import { commuteOperands } from "./code/commute.ts";
import { skipEmptyBlocks } from "./code/empty-blocks.ts";
import { hoistMoves } from "./code/hoist-moves.ts";
import { mergeTails } from "./code/merge-tails.ts";
import { ownLimits } from "./code/own-limits.ts";
import { rotateLoops } from "./code/rotate-loops.ts";
import { selectInstructions } from "./code/select.ts";
import { shareConstants } from "./code/share-constants.ts";
import { layOutStack, printStackLayout } from "./code/stack-layout.ts";
import { assemble } from "./emit/assemble.ts";
import { orderBlocks } from "./emit/block-order.ts";
import type { IrFunction } from "./ir/function.ts";
import { reversePostorder } from "./ir/order.ts";
import type { CodePassName } from "./passes/pass.ts";

export interface GenerateOptions {
  /** Whether another function of the program calls it, or gives it to the kernel to call: it may be given addresses in the stack of that one. */
  readonly isCalled: boolean;
  /** Whether a pass is not left out. */
  runs(pass: CodePassName): boolean;
  /** How many of the ten registers may be used. */
  readonly registers: number | undefined;
  /** Called after each pass. */
  readonly dump: ((pass: CodePassName, text: string) => void) | undefined;
}

/** The back end: code of the IR, with the machine's registers, its blocks in the order in which they are emitted. */
export function generateCode(
  irFunction: IrFunction,
  { isCalled, runs, registers, dump }: GenerateOptions,
): CodeFunction {
  const show = (pass: CodePassName, shown: CodeFunction): void => {
    if (runs(pass)) dump?.(pass, disassemble(assemble(shown).instructions));
  };
  ownLimits(irFunction);
  const sharesSlots = runs("share-slots");
  const layout = layOutStack(irFunction, sharesSlots);
  if (sharesSlots) dump?.("share-slots", printStackLayout(layout));
  const selected = selectInstructions(irFunction, layout, isCalled);
  if (runs("share-constants")) shareConstants(selected);
  show("share-constants", selected);
  if (runs("commute-operands")) commuteOperands(selected);
  show("commute-operands", selected);
  const code = allocateRegisters(selected, {
    registers,
    sharesSlots,
    splitsLives: runs("split-lives"),
    joinsMoves: runs("join-moves"),
    onSplit: (split) => show("split-lives", split),
  });
  show("join-moves", code);
  skipEmptyBlocks(code);
  if (runs("merge-tails")) {
    mergeTails(code);
    skipEmptyBlocks(code);
  }
  show("merge-tails", code);
  if (runs("hoist-moves")) hoistMoves(code);
  show("hoist-moves", code);
  if (runs("rotate-loops")) rotateLoops(code);
  show("rotate-loops", code);
  const [entry] = code.blocks;
  if (runs("order-blocks")) code.blocks = orderBlocks(code);
  // Shared tails lie behind all others: a loop through them might fall into its beginning, which verifiers before Linux 6.7 refuse.
  else if (entry !== undefined) code.blocks = reversePostorder(entry, successorsOf);
  show("order-blocks", code);
  return code;
}
