import type { Baseline } from '../baseline/baseline.ts';
import { anybodys, type Novelty } from '../baseline/novelty.ts';
import type { Owner } from '../baseline/owners.ts';
import { baseName } from '../baseline/process.ts';
import { NONE, type Row } from '../baseline/row.ts';
import { partsOf } from '../baseline/traits.ts';
import { valueText } from '../baseline/value-text.ts';
import type { Evidence } from '../finding/evidence.ts';
import { ABSENT } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import { PairMap } from '../value/pair-map.ts';
import { number, oneOf } from '../value/reader.ts';
import { figure, shortened } from '../value/text.ts';
import { dayOf } from '../value/time.ts';
import { defineDetector } from './detector.ts';
import { fromRow, partiesOf as partiesIn } from './from-row.ts';
import { isSurprise, needsOf, programTraits, surpriseOf, type ToldTrait, toldTraits } from './novelties.ts';
import { by } from './owner.ts';

/** A host that has been known for a while shows something that it was not likely to show. */
export const firstSeen = defineDetector({
  name: 'first-seen',
  needs: {},
  options: {
    trait: oneOf([...toldTraits, ...programTraits], 'talker'),
    /** The chance of something so new, up to which it stands alone; likelier novelty is routine. */
    surprise: number(0.01, { most: 1 }),
  },
  needsFor: ({ trait }) => needsOf([trait]),
  unready: ({ trait }, baseline) => baseline.tooShort(trait),

  *conclude(baseline, { trait, surprise }) {
    const clients = trait === 'answering' ? clientsIn(baseline) : new PairMap<Address, string, number>();
    for (const novelty of baseline.novelties(trait)) {
      if (isToldElsewhere(novelty, trait, clients, baseline)) continue;
      if (isSurprise(novelty, surprise, baseline)) yield evidenceOf(novelty, trait, surprise, baseline);
    }
  },
});

/** On which day each program was first known to call others, on each machine. */
function clientsIn({ rows, symbols }: Baseline): PairMap<Address, string, number> {
  const firsts = new PairMap<Address, string, number>();
  for (const { entity, name, first } of rows('reach')) {
    const program = anybodys(symbols.text(name));
    firsts.set(entity, program, Math.min(firsts.get(entity, program) ?? Number.POSITIVE_INFINITY, dayOf(first)));
  }
  return firsts;
}

/** What a program does that is itself new there belongs to its own rule; a client that is none any more is known as one. */
function isToldElsewhere(
  { judged, row }: Novelty,
  trait: ToldTrait,
  clients: ReturnType<typeof clientsIn>,
  { symbols }: Baseline,
): boolean {
  if (judged !== 'port') return false;
  if (trait === 'reach' || trait === 'asked') return true;
  if (trait !== 'answering') return false;
  const since = clients.get(row.entity, anybodys(symbols.text(row.name)));
  return since === undefined || since >= dayOf(row.first);
}

function evidenceOf(novelty: Novelty, trait: ToldTrait, surprise: number, baseline: Baseline): Evidence {
  const { row, knownSince, chance, entities, of } = novelty;
  const value = shownValue(novelty.row, trait, baseline);
  const image = imageOf(novelty.row, trait, baseline);
  const sign = { summary: summaryOf(novelty, trait, value, image), aspect: aspectOf(novelty, value, image) };
  const evidence = fromRow(row, partiesFor(novelty, trait, baseline), sign, baseline);
  const call = trait === 'reach' ? callOf(row, baseline) : undefined;
  return {
    ...evidence,
    ...(call && { ...partiesIn(call.row, baseline), ...by(call) }),
    ...(trait === 'answering' && { isAnswering: true as const }),
    ...(trait === 'runs' && { isPerson: true as const }),
    ...(image !== undefined && { process: image }),
    novelty: { knownSince, chance, surprise: surpriseOf(chance, surprise), because: becauseOf(novelty), entities, of },
  };
}

/** First contacts are alike where they are on one port; of everything else the value says it all. */
const aspectOf = ({ row }: Novelty, value: string, image: string | undefined): string => {
  if (image !== undefined && image !== value) return `${baseName(image).toLowerCase()} ${value}`;
  return row.peer === NONE ? value : portIn(value);
};

/** The first call of a program to a port, by which it is known to whom and by which process. */
function callOf({ entity, name, port, transport }: Row, { owners, symbols }: Baseline): Owner | undefined {
  if (port === NONE) return undefined;
  const [machine, program] = [symbols.addressText(entity), anybodys(symbols.text(name))];
  return owners.contacts
    .filter(
      ({ process, row }) =>
        process.machine === machine &&
        row.port === port &&
        row.transport === transport &&
        anybodys(process.image ?? '') === program,
    )
    .reduce<Owner | undefined>((least, owner) => (least && least.first <= owner.first ? least : owner), undefined);
}

/** Of what a program does the program; of what is about a program itself that one. */
function imageOf({ name }: Row, trait: ToldTrait, { symbols }: Baseline): string | undefined {
  const text = symbols.text(name);
  switch (trait) {
    case 'process':
    case 'reach':
    case 'answering':
    case 'runs':
      return text;
    case 'asked':
      return partsOf(text)[0];
    default:
      return undefined;
  }
}

function shownValue(row: Row, trait: ToldTrait, { symbols }: Baseline): string {
  switch (trait) {
    case 'reach':
    case 'answering':
      return valueText({ peer: NONE, port: row.port, transport: row.transport, name: ABSENT }, symbols);
    case 'asked':
      return partsOf(symbols.text(row.name))[1];
    default:
      return valueText(row, symbols);
  }
}

const portIn = (value: string): string => value.slice(value.lastIndexOf(':') + 1);

/** A listener's host is the one that answers. */
function partiesFor({ row }: Novelty, trait: ToldTrait, baseline: Baseline) {
  // The host's own port, or one of many others': nobody else is part of it.
  if (programTraits.some(each => each === trait)) return { ...partiesIn(row, baseline), port: undefined };
  const parties = partiesIn(row, baseline);
  return trait === 'listener' ? { ...parties, originator: undefined, responder: row.entity } : parties;
}

function summaryOf({ row, judged }: Novelty, trait: ToldTrait, value: string, image = ''): string {
  switch (trait) {
    case 'reach':
      return `${baseName(image)} calls ${row.port === NONE ? `a dynamic port (${value})` : `port ${value}`} for the first time here`;
    case 'runs':
      return `lets ${value} use the network for the first time`;
    case 'asked':
      return `${baseName(image)} asks for ${value} for the first time here`;
    case 'answering':
      return `${baseName(image)} answers on ${row.port === NONE ? `a dynamic port (${value})` : `port ${value}`}${judged === 'port' ? ', and had only called others before' : ' for the first time here'}`;
    case 'talker':
      return judged === 'port'
        ? `first day ${row.port === NONE ? 'of' : 'on port'} ${portIn(value)}`
        : `first contact with this peer on ${portIn(value)}`;
    case 'listener':
      return `answers on ${row.port === NONE ? value : `port ${value}`} for the first time`;
    case 'domain':
      return `first request for ${value}`;
    case 'process':
      return `${value} uses the network for the first time here`;
    case 'agent':
      return `a program that calls itself ${shortened(value, 60)} for the first time (User-Agent; N stands for its numbers)`;
    case 'fingerprint':
      return `a TLS client that greets as ${shortened(value, 40)}, for the first time`;
  }
}

/** The arithmetic in words, so that the reader can judge it. */
function becauseOf({ chance, history, basis, isFirst }: Novelty): string {
  const whose = {
    own: 'value-days of this host',
    role: 'value-days of the hosts of its role',
    pooled: 'value-days of the hosts of this network',
    'role newcomers': 'days of hosts of its role that had shown nothing of the kind',
    newcomers: 'days of hosts that had shown nothing of the kind',
  }[basis];
  const first = isFirst ? '; nobody here had shown it before' : '';
  return `a chance of ${(chance * 100).toPrecision(2)} %, by ${figure(history)} ${whose}${first}`;
}
