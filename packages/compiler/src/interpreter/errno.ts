/** Negative error numbers, as helpers give them. */
export const ENOENT = -2n;
export const E2BIG = -7n;
export const EACCES = -13n;
export const EFAULT = -14n;
export const EEXIST = -17n;
export const EINVAL = -22n;
