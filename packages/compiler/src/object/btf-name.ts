/** A name that only people read, with the characters that the kernel takes in BTF. */
export function btfName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, "_");
}
