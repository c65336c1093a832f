export { readObject } from "./read.ts";
export { writeObject } from "./write.ts";
