export { writeObject } from "./write.ts";
