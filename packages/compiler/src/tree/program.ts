import type { ConfigDeclaration, MapDeclaration, MetadataDeclaration } from "../constants/constant.ts";
import type { ProgramKind } from "../types/program-kind.ts";
import type { LayoutNames } from "../types/type-name.ts";
import type { ElementNode } from "./access.ts";
import type { FunctionTree } from "./function.ts";
import type { GlobalSection } from "./global-section.ts";
import type { Local } from "./local.ts";

/** A program of a file. */
export interface ProgramTree {
  readonly name: string;
  readonly kind: ProgramKind;
  readonly section: string;
  readonly frags: boolean;
  readonly body: FunctionTree;
}

/** All that a kernel file declares, typed. */
export interface FileTree {
  readonly programs: readonly ProgramTree[];
  /** Those that the file declares and those that its programs use. */
  readonly maps: readonly MapDeclaration[];
  readonly configs: readonly ConfigDeclaration[];
  /** Compiled with fixed configuration values: maps that no code refers to are left out. */
  readonly isVariant: boolean;
  readonly globals: readonly GlobalSection[];
  readonly metadata: readonly MetadataDeclaration[];
  /** Indices that are inside their arrays in a way that the verifier does not see. */
  readonly unseenIndices: ReadonlySet<ElementNode>;
  /** Parameters that count turns, with the last turn, where an offset in the packet is small enough in a way that the verifier does not see. */
  readonly unseenTurns: ReadonlyMap<Local, bigint>;
  readonly layoutNames: LayoutNames;
  /** Undefined where no file says it. */
  readonly license: string | undefined;
}
