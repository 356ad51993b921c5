/** Lines of one source that are no records of their log. */
export interface Refusals {
  /** The first few of each kind. */
  readonly named: readonly { readonly line: number; readonly reason: string }[];
  /** How many more there were of each kind, by the first of the kind. */
  readonly more: ReadonlyMap<string, number>;
}

/** How many lines of one kind of trouble are worth a name. */
const NAMED_OF_A_KIND = 3;

interface GrowingRefusals {
  note(reason: string, line: number): void;
  /** So many more of a kind of which some have been named. */
  add(reason: string, count: number): void;
  readonly all: Refusals;
}

export function createRefusals(): GrowingRefusals {
  /** By kind, the first reason of it, and how often it was noted. */
  const kinds = new Map<string, { readonly example: string; count: number }>();
  const named: { line: number; reason: string }[] = [];
  const more = new Map<string, number>();
  const kindFor = (reason: string) => {
    const kind = kinds.get(kindOf(reason)) ?? { example: reason, count: 0 };
    kinds.set(kindOf(reason), kind);
    return kind;
  };
  const add = (reason: string, count: number): void => {
    const { example } = kindFor(reason);
    more.set(example, (more.get(example) ?? 0) + count);
  };
  return {
    all: { named, more },
    add,
    note(reason, line) {
      const kind = kindFor(reason);
      kind.count++;
      if (kind.count <= NAMED_OF_A_KIND) named.push({ line, reason });
      else add(reason, 1);
    },
  };
}

/** Those of a source, by those of its parts and how many lines stand before each. */
export function joinedRefusals(
  parts: readonly { readonly refusals: Refusals; readonly linesBefore: number }[],
): Refusals {
  const joined = createRefusals();
  for (const { refusals, linesBefore } of parts) {
    for (const { reason, line } of refusals.named) joined.note(reason, line + linesBefore);
    for (const [reason, count] of refusals.more) joined.add(reason, count);
  }
  return joined.all;
}

/** Reasons that differ in their numbers are of one kind. */
export const kindOf = (reason: string): string => reason.replace(/\d+/g, 'n');
