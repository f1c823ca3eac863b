/** Chance that is the same every time: a number from 0 to 1 for the `number`th draw of a seed (the mixing of MurmurHash3). */
export function chance(seed: number, number: number): number {
  let hash = (Math.imul(seed, 0x9e37_79b1) ^ Math.imul(number, 0x85eb_ca6b)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
