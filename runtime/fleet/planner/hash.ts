const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** A number in [0, 2^32) that follows from the text alone (FNV-1a over UTF-16 units): the same in every process and version. */
export function hashOf(text: string): number {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  }
  // FNV leaves the last letters in the low bits only; one more round spreads ids that differ there.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
