/**
 * What the examples in comments use without saying where it comes from. Few and telling names: an example that needs
 * more says it itself.
 */

/** A frame, from the Ethernet destination address on. */
declare const frame: Uint8Array;

/** A kernel program as plain data, and loaded. */
declare const monitor: import("@weir/bytecode").ObjectSpec;
declare const program: import("@weir/kernel").BpfProgram;

/** The library that describes configuration files. */
declare const z: typeof import("zod");
