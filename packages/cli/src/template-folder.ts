import { fileURLToPath } from "node:url";

/** The files of a new project. */
export const templateFolder = (): string => fileURLToPath(new URL("../template/", import.meta.url));
