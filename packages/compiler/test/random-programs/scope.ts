import type { RandomRecord, Scalar } from "./random-records.ts";

export type Named = Scalar | "boolean";

/** A variable that random code may name. */
export interface ScopeVariable {
  readonly name: string;
  readonly type: Named;
  readonly mutable: boolean;
}

/** A record that random code may name, and what it may do with it. */
export interface ScopeRecord {
  readonly name: string;
  readonly record: RandomRecord;
  /** An index that is not constant is allowed: not in the packet, where the verifier forgets the bounds. */
  readonly indexed: boolean;
  /** Made by the program, so perhaps in no memory. */
  readonly made: boolean;
  /** In memory of a hash, which an update would pull away. */
  readonly inHash: boolean;
}

export interface RandomFunction {
  readonly name: string;
  readonly parameters: readonly Scalar[];
  readonly record: RandomRecord | undefined;
  readonly returns: Named | "void";
  /** A function of its own, which cannot be given a record that is in no memory. */
  readonly separate: boolean;
}

/** What random code can name where it stands. */
export class Scope {
  readonly variables: readonly ScopeVariable[];
  readonly records: readonly ScopeRecord[];
  readonly functions: readonly RandomFunction[];
  /** Loops around. */
  readonly loops: number;

  constructor(
    variables: readonly ScopeVariable[],
    records: readonly ScopeRecord[],
    functions: readonly RandomFunction[],
    loops: number,
  ) {
    this.variables = variables;
    this.records = records;
    this.functions = functions;
    this.loops = loops;
  }

  withVariable(variable: ScopeVariable): Scope {
    return new Scope([...this.variables, variable], this.records, this.functions, this.loops);
  }

  withRecord(record: ScopeRecord): Scope {
    return new Scope(this.variables, [...this.records, record], this.functions, this.loops);
  }

  inLoop(): Scope {
    return new Scope(this.variables, this.records, this.functions, this.loops + 1);
  }
}
