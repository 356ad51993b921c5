/**
 * From which byte on a large buffer is aligned to lines of the cache, which have 64. Such buffers begin 16 bytes behind the
 * beginning of a page (glibc's malloc keeps its own word there): so what takes one line does not lie in two.
 */
export const ALIGNED_AT = 48;
