export { type TypeIn, typesAreCompatible } from "./compatibility.ts";
export { essentialName } from "./essential-name.ts";
export { POISON_HELPER, poison } from "./poison.ts";
export { type RelocatedProgram, Relocator } from "./relocate.ts";
