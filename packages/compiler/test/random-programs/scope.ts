import type { RandomRecord, Scalar } from "./records.ts";

export type Named = Scalar | "boolean";

/** A variable that random code may name. */
export interface ScopeVariable {
  readonly name: string;
  readonly type: Named;
  readonly mutable: boolean;
}

/**
 * Where a record lies, which says what may be done with it. In the packet no index may vary, since the verifier forgets the
 * bounds; what the program made may lie in no memory; what lies in a hash is gone after an update. A parameter lies in some
 * map, or anywhere but the packet.
 */
export type RecordPlace = "packet" | "array" | "hash" | "map" | "made" | "anywhere";

/** A record that random code may name. */
export interface ScopeRecord {
  readonly name: string;
  readonly record: RandomRecord;
  readonly lies: RecordPlace;
}

/** An array that random code may name without naming the record around it. */
export interface ScopeArray {
  readonly name: string;
  readonly element: Scalar | RandomRecord;
  readonly length: number;
  readonly lies: RecordPlace;
}

export type Parameter =
  | { readonly kind: "value"; readonly name: string; readonly type: Named }
  | { readonly kind: "record"; readonly name: string; readonly record: RandomRecord; readonly lies: RecordPlace }
  | { readonly kind: "packet"; readonly name: "packet" };

export interface RandomFunction {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returns: Named | "void";
  /** A function of its own. */
  readonly separate: boolean;
}

/** The function whose body is made. */
export interface Frame {
  readonly returns: Named | "void";
  /** A program: it returns all that it knows. */
  readonly isProgram: boolean;
  readonly separate: boolean;
  /** `packet` is in reach. */
  readonly packet: boolean;
}

interface Names {
  readonly variables: readonly ScopeVariable[];
  readonly records: readonly ScopeRecord[];
  readonly arrays: readonly ScopeArray[];
  readonly functions: readonly RandomFunction[];
  /** The loops around, with their labels. */
  readonly loops: readonly (string | undefined)[];
  /** Blocks around, not counting the function's own. */
  readonly depth: number;
  /** A `break` would leave a switch, not the loop. */
  readonly inSwitch: boolean;
}

/** Loops in each other, in a program. */
const MOST_LOOPS = 2;
/** Blocks that may be around a loop are fewer than these. */
const DEEPEST_LOOP = 4;

/** What random code can name where it stands. */
export class Scope {
  readonly frame: Frame;
  readonly #names: Names;

  constructor(frame: Frame, names: Partial<Names>) {
    this.frame = frame;
    this.#names = {
      variables: [],
      records: [],
      arrays: [],
      functions: [],
      loops: [],
      depth: 0,
      inSwitch: false,
      ...names,
    };
  }

  get variables(): readonly ScopeVariable[] {
    return this.#names.variables;
  }

  get records(): readonly ScopeRecord[] {
    return this.#names.records;
  }

  get arrays(): readonly ScopeArray[] {
    return this.#names.arrays;
  }

  get functions(): readonly RandomFunction[] {
    return this.#names.functions;
  }

  get loops(): readonly (string | undefined)[] {
    return this.#names.loops;
  }

  get depth(): number {
    return this.#names.depth;
  }

  get inSwitch(): boolean {
    return this.#names.inSwitch;
  }

  /** Another loop may begin here: there are few around it, since the verifier follows each turn of all of them. */
  get mayLoop(): boolean {
    return this.loops.length < (this.frame.isProgram ? MOST_LOOPS : 1) && this.depth < DEEPEST_LOOP;
  }

  withVariable(...variables: readonly ScopeVariable[]): Scope {
    return this.#with({ variables: [...this.variables, ...variables] });
  }

  withRecord(...records: readonly ScopeRecord[]): Scope {
    return this.#with({ records: [...this.records, ...records] });
  }

  withArray(...arrays: readonly ScopeArray[]): Scope {
    return this.#with({ arrays: [...this.arrays, ...arrays] });
  }

  withFunction(...functions: readonly RandomFunction[]): Scope {
    return this.#with({ functions: [...this.functions, ...functions] });
  }

  /** Without what `packet.at` found. */
  withoutPacketRecords(): Scope {
    const stays = ({ lies }: { readonly lies: RecordPlace }) => lies !== "packet";
    return this.#with({ records: this.records.filter(stays), arrays: this.arrays.filter(stays) });
  }

  inLoop(label?: string): Scope {
    return this.#with({ loops: [...this.loops, label], inSwitch: false });
  }

  inBlock(): Scope {
    return this.#with({ depth: this.depth + 1 });
  }

  insideSwitch(): Scope {
    return this.#with({ inSwitch: true });
  }

  #with(names: Partial<Names>): Scope {
    return new Scope(this.frame, { ...this.#names, ...names });
  }
}
