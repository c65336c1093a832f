import type { Layout } from "@weir/bytecode/layout";
import type { Span } from "../source-file.ts";
import type { Declaration, FunctionDeclaration } from "../syntax/declaration.ts";
import type {
  ConfigDeclaration,
  FunctionConstant,
  GlobalDeclaration,
  MapDeclaration,
  MetadataDeclaration,
  ProgramDeclaration,
} from "./constant.ts";

/** Configuration values that are known when the program is compiled. */
export type FixedConfigs = Readonly<Record<string, bigint>>;

/** What the constants of a file, and of those that it imports, declare. */
export class FileDeclarations {
  readonly maps = new Set<MapDeclaration>();
  readonly configs = new Set<ConfigDeclaration>();
  readonly globals = new Set<GlobalDeclaration>();
  readonly metadata = new Set<MetadataDeclaration>();
  /** Those among the variables that are texts of the program. */
  readonly texts = new Map<string, GlobalDeclaration>();
  /** With where their names stand. */
  readonly programs = new Map<ProgramDeclaration, Span>();
  /** Under which licence the file's programs are; the last one that a file says counts. */
  license: string | undefined;
  readonly layoutNames = new Map<Layout, string>();
  readonly #functions = new Map<Declaration, FunctionConstant>();
  readonly #fixed: FixedConfigs;
  /** Names of fixed values that no declaration has asked for. */
  readonly unusedFixed: Set<string>;

  /** @param fixed values that configuration values have for good, by their names */
  constructor(fixed: FixedConfigs) {
    this.#fixed = fixed;
    this.unusedFixed = new Set(Object.keys(fixed));
  }

  /** The value that a configuration value has for good; undefined when it is set before load. */
  fixed(name: string): bigint | undefined {
    this.unusedFixed.delete(name);
    return Object.hasOwn(this.#fixed, name) ? this.#fixed[name] : undefined;
  }

  function(declaration: FunctionDeclaration): FunctionConstant {
    let constant = this.#functions.get(declaration);
    if (constant === undefined) {
      const { name, span } = declaration;
      constant = { kind: "function", name, function: declaration.function, linkage: "inline", scope: undefined, span };
      this.#functions.set(declaration, constant);
    }
    return constant;
  }
}
