import { type Micros, SECOND } from './time.ts';

/**
 * A number for a flow between two ends on one port, by the second in which it began and the originator's port: two
 * sensors that saw the same flow give it the same. As `markOf` of `kernel/wasm/likeness.ts`.
 */
export function flowMark(time: Micros, port: number): number {
  const number = port >= 0 && port <= 0xffff ? port : 0;
  let mark = Math.imul(Math.floor(time / SECOND), 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b);
  mark = Math.imul(mark ^ (mark >>> 15), 0x2c1b3c6d);
  return (mark ^ (mark >>> 13)) >>> 0;
}
