import type { Plan } from '../plan.ts';
import { type KernelMemory, region } from './memory.ts';

/** Writes what is wanted into the memory of the fast decoders; the forms are told in `wasm/`. Addresses are bytes. */
export interface Program {
  /** Words of 32 bits, one after the other. */
  words(values: readonly number[]): number;
  text(text: string): number;
  /** Another word in the place of one of them. */
  put(at: number, word: number): void;
  /** The root of the tree of wanted keys, which the key paths of a plan make. */
  keys(plan: Plan): number;
  /** A copy of all that has been written. */
  image(): Buffer;
}

export function createProgram({ bytes }: KernelMemory): Program {
  let free: number = region.program.at;

  const take = (size: number): number => {
    const at = free;
    free = (free + size + 7) & ~7;
    if (free > region.program.at + region.program.size) throw new RangeError('the plan has too many columns');
    return at;
  };
  const words = (values: readonly number[]): number => {
    const at = take(4 * values.length);
    values.forEach((value, index) => {
      bytes.writeUInt32LE(value, at + 4 * index);
    });
    return at;
  };
  const text = (written: string): number => {
    const at = take(Buffer.byteLength(written));
    bytes.write(written, at);
    return at;
  };

  /** Slots at most half full; a slot without a name is empty. */
  const table = (node: Node, numberOf: (node: Node) => number): readonly number[] => {
    const size = 2 ** Math.ceil(Math.log2(2 * node.size + 1));
    const slots: (readonly number[])[] = new Array(size).fill([0, 0, 0, 0, 0]);
    for (const [key, { wants, child }] of node) {
      const name = Buffer.from(key);
      let slot = keyHash(name) & (size - 1);
      while (slots[slot]?.[0] !== 0) slot = (slot + 1) & (size - 1);
      const first = wants.reduceRight((next, { target, rank }) => words([target, rank, next]), 0);
      slots[slot] = [text(key), name.length, first, child ? numberOf(child) : 0, 0];
    }
    return [words(slots.flat()), size - 1, 0];
  };

  return {
    words,
    text,
    put: (at, word) => {
      bytes.writeUInt32LE(word, at);
    },
    keys(plan) {
      // Node 0 is that of objects in which nothing is wanted.
      const nodes: readonly Node[] = [new Map(), ...nodesUnder(keyTree(plan))];
      return words(nodes.flatMap(node => table(node, child => nodes.indexOf(child))));
    },
    image: () => Buffer.from(bytes.subarray(region.program.at, free)),
  };
}

/** What is wanted in an object, by key. */
type Node = Map<string, Key>;

interface Key {
  readonly wants: { readonly target: number; readonly rank: number }[];
  child: Node | undefined;
}

function keyTree(plan: Plan): Node {
  const root: Node = new Map();
  plan.forEach(({ paths }, target) => {
    paths.forEach((path, rank) => {
      let node = root;
      path.forEach((name, depth) => {
        const key = node.get(name) ?? { wants: [], child: undefined };
        node.set(name, key);
        if (depth === path.length - 1) key.wants.push({ target, rank });
        else {
          key.child ??= new Map();
          node = key.child;
        }
      });
    });
  });
  return root;
}

function nodesUnder(node: Node): readonly Node[] {
  return [node, ...[...node.values()].flatMap(({ child }) => (child ? nodesUnder(child) : []))];
}

/** As `hashOfKey` of `wasm/json.ts`. */
function keyHash(name: Buffer): number {
  const isLong = name.length >= 4;
  const first = isLong ? name.readUInt32LE(0) : name.length === 0 ? 0 : name.readUIntLE(0, name.length);
  const last = isLong ? name.readUInt32LE(name.length - 4) : 0;
  const hash = (Math.imul(first, 0x9e3779b1) + Math.imul(last, 0x85ebca6b) + name.length) >>> 0;
  return (hash ^ (hash >>> 15)) >>> 0;
}
