import type { Quality } from '../event/flow.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import { madeAt } from '../value/made-at.ts';
import type { Row } from './row.ts';
import { partsOf } from './traits.ts';

/** What may be missing from what a sensor saw. */
export type Lack = Exclude<Quality, 'whole'> | 'lost packets';

/** Which share of its TCP conversations a sensor saw with something missing, or of all packets it lost. */
export interface Doubt {
  readonly sensor: string;
  readonly lack: Lack;
  /** From 0 to 1. */
  readonly share: number;
  /** Of so many conversations; undefined of packets, whose number nobody says. */
  readonly of?: number;
}

export interface Doubts {
  /** Of each sensor, the gravest first. */
  readonly bySensor: readonly Doubt[];
  /** The gravest of these that a host suffers from; undefined where it is seen well enough. */
  of(host: Address | undefined, lacks: readonly Lack[]): { readonly lack: Lack; readonly share: number } | undefined;
}

/** Fewer conversations than that say nothing of a host: then it is seen as well as all. */
const FEW = 20;
/** A share up to which nobody need care. */
const NEGLIGIBLE = 0.02;

type Counts = Map<string, number>;

/** `losses`: by sensor the share of packets that it says it lost. */
export function createDoubts(rows: readonly Row[], losses: ReadonlyMap<string, number>, symbols: Symbols): Doubts {
  const bySensor = new Map<string, Counts>();
  const byHost = new Map<Address, Counts>();
  const everybody: Counts = new Map();
  for (const { entity, name, count } of rows) {
    const [sensor, quality] = partsOf(symbols.text(name));
    for (const counts of [
      madeAt(bySensor, sensor, () => new Map()),
      madeAt(byHost, entity, () => new Map()),
      everybody,
    ]) {
      counts.set(quality, (counts.get(quality) ?? 0) + count);
      counts.set(ALL, (counts.get(ALL) ?? 0) + count);
    }
  }
  const lost = Math.max(0, ...losses.values());
  return {
    bySensor: [
      ...[...bySensor].flatMap(([sensor, counts]) =>
        seen.map((lack): Doubt => ({ sensor, lack, share: shareOf(counts, lack), of: counts.get(ALL) ?? 0 })),
      ),
      ...[...losses].map(([sensor, share]): Doubt => ({ sensor, lack: 'lost packets', share })),
    ]
      .filter(({ share }) => share > NEGLIGIBLE)
      .sort((one, other) => other.share - one.share || (one.sensor < other.sensor ? -1 : 1)),
    of(host, lacks) {
      const own = host === undefined ? undefined : byHost.get(host);
      const counts = own && (own.get(ALL) ?? 0) >= FEW ? own : everybody;
      const shares = lacks.map(lack => ({ lack, share: lack === 'lost packets' ? lost : shareOf(counts, lack) }));
      const [worst] = shares.sort((one, other) => other.share - one.share);
      return worst && worst.share > NEGLIGIBLE ? worst : undefined;
    },
  };
}

const ALL = 'all';
const seen = ['gaps', 'bad checksums', 'one side only'] as const satisfies readonly Lack[];

const shareOf = (counts: Counts, lack: Lack): number => (counts.get(lack) ?? 0) / Math.max(1, counts.get(ALL) ?? 0);
