import type { Quality } from '../event/flow.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import { madeAt } from '../value/made-at.ts';
import { inTextOrder } from '../value/order.ts';
import type { Row } from './row.ts';
import { partsOf } from './traits.ts';

/** What may be missing from what a sensor saw. */
export type Lack = Exclude<Quality, 'whole'> | 'lost packets';

/** All of it, for mechanisms that anything missing fools. */
export const anyLack: readonly Lack[] = ['one side only', 'gaps', 'bad checksums', 'lost packets'];

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
  /**
   * The gravest of these that a host suffers from in what a sensor saw; undefined where it is seen well enough. Where nobody
   * knows which sensor it was, the one that saw best speaks for all.
   */
  of(host: Address | undefined, lacks: readonly Lack[], sensor: string | undefined): Suffered | undefined;
}

interface Suffered {
  readonly lack: Lack;
  readonly share: number;
}

/** Fewer conversations than that say nothing of a host: then it is seen as well as all. */
const FEW = 20;
/** A share up to which nobody need care. */
const NEGLIGIBLE = 0.02;

type Counts = Map<string, number>;

/** `losses`: by sensor the share of packets that it says it lost. */
export function createDoubts(rows: readonly Row[], losses: ReadonlyMap<string, number>, symbols: Symbols): Doubts {
  const bySensor = new Map<string, Seen>();
  for (const { entity, name, count } of rows) {
    const [sensor, quality] = partsOf(symbols.text(name));
    const seen = madeAt(bySensor, sensor, (): Seen => ({ all: new Map(), byHost: new Map() }));
    for (const counts of [seen.all, madeAt(seen.byHost, entity, () => new Map())]) {
      counts.set(quality, (counts.get(quality) ?? 0) + count);
      counts.set(ALL, (counts.get(ALL) ?? 0) + count);
    }
  }
  const sensors = [...new Set([...bySensor.keys(), ...losses.keys()])];

  const worstOf = (host: Address | undefined, lacks: readonly Lack[], sensor: string): Suffered => {
    const { all, byHost } = bySensor.get(sensor) ?? { all: new Map(), byHost: new Map() };
    const own = host === undefined ? undefined : byHost.get(host);
    const counts = own && (own.get(ALL) ?? 0) >= FEW ? own : all;
    return lacks
      .map(lack => ({ lack, share: lack === 'lost packets' ? (losses.get(sensor) ?? 0) : shareOf(counts, lack) }))
      .reduce((worst, each) => (each.share > worst.share ? each : worst));
  };

  return {
    bySensor: [
      ...[...bySensor].flatMap(([sensor, { all }]) =>
        lacksOfFlows.map((lack): Doubt => ({ sensor, lack, share: shareOf(all, lack), of: all.get(ALL) ?? 0 })),
      ),
      ...[...losses].map(([sensor, share]): Doubt => ({ sensor, lack: 'lost packets', share })),
    ]
      .filter(({ share }) => share > NEGLIGIBLE)
      .sort((one, other) => other.share - one.share || inTextOrder(one.sensor, other.sensor)),
    of(host, lacks, sensor) {
      const asked = sensor !== undefined && sensors.includes(sensor) ? [sensor] : sensors;
      const least = asked
        .map(each => worstOf(host, lacks, each))
        .reduce((best, each) => (each.share < best.share ? each : best));
      return least.share > NEGLIGIBLE ? least : undefined;
    },
  };
}

interface Seen {
  readonly all: Counts;
  readonly byHost: Map<Address, Counts>;
}

const ALL = 'all';
const lacksOfFlows = ['gaps', 'bad checksums', 'one side only'] as const satisfies readonly Lack[];

const shareOf = (counts: Counts, lack: Lack): number => (counts.get(lack) ?? 0) / Math.max(1, counts.get(ALL) ?? 0);
