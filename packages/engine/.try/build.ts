import { compile, formatDiagnostics } from "../../compiler/src/index.ts";
import { writeObject } from "@weir/bytecode";
import { writeFileSync, mkdirSync } from "node:fs";
const { object, diagnostics } = compile("/work/main/packages/programs/src/kernel/monitor.bpf.ts");
if (!object) { console.log(formatDiagnostics(diagnostics)); process.exit(1); }
writeFileSync(process.argv[2]!, writeObject(object));
console.log([...object.maps.keys()], [...object.programs.values()].map(p=>[p.name,p.instructions.length]), [...object.configs.keys()]);
