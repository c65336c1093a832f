let folder = "/sys/kernel/btf";

/** Where the kernel tells its types, in the file `vmlinux`, and each loaded module those that it adds, in a file of its name. */
export function typesFolder(): string {
  return folder;
}

/** Lets tests bring types of their own; disposing the result brings the kernel's back. */
export function replaceTypesFolder(other: string): Disposable {
  const before = folder;
  folder = other;
  return {
    [Symbol.dispose]() {
      folder = before;
    },
  };
}
