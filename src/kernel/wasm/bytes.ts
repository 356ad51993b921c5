/** Bytes sixteen at a time. Up to fifteen behind the last one are read, and count for nothing. */

/** Up to sixteen bytes, and zeros in the places of those that are missing. */
export function bytesAt(start: usize, length: u32): v128 {
  return v128.and(v128.load(start), first(length));
}

/** All bits of the first bytes, up to sixteen. */
export function first(length: u32): v128 {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return i8x16.lt_u(places, i8x16.splat(<i8>length));
}

export function areSame(one: usize, other: usize, length: u32): bool {
  let from: usize = 0;
  let rest = length;
  for (; rest > 16; rest -= 16) {
    if (v128.any_true(v128.xor(v128.load(one + from), v128.load(other + from)))) return false;
    from += 16;
  }
  return !v128.any_true(v128.xor(bytesAt(one + from, rest), bytesAt(other + from, rest)));
}

export function hashOf(start: usize, length: u32): u32 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
  let from = start;
  let rest = length;
  for (; rest > 16; rest -= 16) {
    hash = mixed(hash, load<u64>(from), load<u64>(from, 8));
    from += 16;
  }
  const last = bytesAt(from, rest);
  return <u32>mixed(hash, <u64>i64x2.extract_lane(last, 0), <u64>i64x2.extract_lane(last, 1));
}

function mixed(hash: u64, low: u64, high: u64): u64 {
  let mix = (hash ^ low) * 0xa0761d6478bd642f;
  mix ^= mix >> 32;
  mix = (mix ^ high) * 0xe7037ed1a0b428db;
  return mix ^ (mix >> 32);
}
