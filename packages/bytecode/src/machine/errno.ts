/** Negative error numbers, as helpers give them. */
export const ENOENT = -2n;
export const E2BIG = -7n;
export const EAGAIN = -11n;
export const EACCES = -13n;
export const EFAULT = -14n;
export const EBUSY = -16n;
export const EEXIST = -17n;
export const EINVAL = -22n;
export const ENOSPC = -28n;
export const ERANGE = -34n;
export const EDEADLK = -35n;
export const EOPNOTSUPP = -95n;
