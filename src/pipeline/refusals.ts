/** Lines of one source that are no records of their log. */
export interface Refusals {
  /** The first few of each kind. */
  readonly named: readonly { readonly line: number; readonly reason: string }[];
  /** How many more there were of each kind. */
  readonly more: ReadonlyMap<string, number>;
}

/** How many lines of one kind of trouble are worth a name. */
const NAMED_OF_A_KIND = 3;

export function createRefusals(): { note(reason: string, line: number): void; readonly all: Refusals } {
  const counts = new Map<string, number>();
  const named: { line: number; reason: string }[] = [];
  const more = new Map<string, number>();
  return {
    all: { named, more },
    note(reason, line) {
      const kind = kindOf(reason);
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (count <= NAMED_OF_A_KIND) named.push({ line, reason });
      else more.set(kind, count - NAMED_OF_A_KIND);
    },
  };
}

/** Reasons that differ in their numbers are of one kind. */
const kindOf = (reason: string): string => reason.replace(/\d+/g, 'n');
