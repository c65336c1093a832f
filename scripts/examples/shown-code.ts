import { disassembleProgram } from "@weir/bytecode";
import { type CompileResult, compile } from "@weir/compiler";

/** What a kernel file becomes: what the compiler says of it, its code behind each pass, its instructions. */
export interface Compiled {
  readonly diagnostics: CompileResult["diagnostics"];
  /** Behind a pass that runs several times: as it is behind the last one. */
  readonly dumps: ReadonlyMap<string, string>;
  readonly disassembly: string;
}

export function compileShown(file: string): Compiled {
  const dumps = new Map<string, string>();
  const { object, diagnostics } = compile(file, { dump: (pass, text) => dumps.set(pass, text) });
  const programs = [...(object?.programs.values() ?? [])];
  return {
    diagnostics,
    dumps,
    disassembly: programs.map((program) => disassembleProgram(program, object?.btf)).join(""),
  };
}
