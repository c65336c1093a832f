import { fileURLToPath } from "node:url";

/** The folder with the declarations of the language: found from here, which is as deep as the bundle of the compiler lies. */
export const languageFolder = fileURLToPath(new URL("../language/", import.meta.url));
