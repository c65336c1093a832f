/** What became of adding an entry: "grow" when the set has no room for it, and is as it was: it needs a larger map. */
export type Added = "added" | "present" | "grow";
/** The same of one that ends by itself: "renewed" when it was there, and has another end now. */
export type AddedUntil = "added" | "renewed" | "grow";
/**
 * What became of taking an entry out: "absent" when nobody has put it in like this; "grow" when there is no room for what would be left of it, which
 * other entries contain, and nothing has changed.
 */
export type Removed = "removed" | "absent" | "grow";

export interface ChangeOptions {
  /**
   * Returns when all programs that had begun before have ended, such as `waitForPrograms` of `@weir/kernel`. Called before memory is used again that they
   * may be reading; without it, no program may be reading the set while it is changed.
   */
  readonly settle?: () => void;
}

export interface BuildOptions extends ChangeOptions {
  /** 64 random bits for the hash of the set: whoever does not know them cannot choose addresses that take long to look up. */
  readonly random: bigint;
}
