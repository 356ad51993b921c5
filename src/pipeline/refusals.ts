/** Lines of one source that are no records of their log. */
export interface Refusals {
  /** The first few of each kind. */
  readonly named: readonly { readonly line: number; readonly reason: string }[];
  /** How many more there were of each kind. */
  readonly more: ReadonlyMap<string, number>;
}

/** How many lines of one kind of trouble are worth a name. */
const NAMED_OF_A_KIND = 3;

interface GrowingRefusals {
  note(reason: string, line: number): void;
  /** So many more of a kind of which some have been named. */
  add(kind: string, count: number): void;
  readonly all: Refusals;
}

export function createRefusals(): GrowingRefusals {
  const counts = new Map<string, number>();
  const named: { line: number; reason: string }[] = [];
  const more = new Map<string, number>();
  const add = (kind: string, count: number): void => {
    more.set(kind, (more.get(kind) ?? 0) + count);
  };
  return {
    all: { named, more },
    add,
    note(reason, line) {
      const kind = kindOf(reason);
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (count <= NAMED_OF_A_KIND) named.push({ line, reason });
      else add(kind, 1);
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
    for (const [kind, count] of refusals.more) joined.add(kind, count);
  }
  return joined.all;
}

/** Reasons that differ in their numbers are of one kind. */
const kindOf = (reason: string): string => reason.replace(/\d+/g, 'n');
