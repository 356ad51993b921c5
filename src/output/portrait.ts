import type { Habit } from '../baseline/portrait.ts';
import type { Trait } from '../baseline/traits.ts';
import { figure } from '../value/text.ts';
import { minuteText } from '../value/time.ts';
import { columnsTable, type Screen } from './table.ts';

/** What a host does, in the words of its traits. */
const words: Readonly<Record<Trait, string>> = {
  talker: 'talks to',
  service: 'speaks (flows)',
  spoken: 'speaks (protocol logs)',
  listener: 'answers on',
  inbound: 'is called on, from outside',
  served: 'is spoken to, from outside',
  domain: 'asks for',
  agent: 'asks for pages as',
  fingerprint: 'greets in TLS as',
  issuer: 'is shown certificates of',
  shown: 'is shown',
  issued: 'is a certificate',
  handshake: 'shakes hands in TLS',
  upload: 'sends out at once',
  quality: 'is seen',
  leased: 'has its address from',
  process: 'lets use the network',
  reach: 'calls, by program',
  answering: 'answers, by program',
  asked: 'asks for, by program',
  runs: 'runs on the network',
  started: 'started',
  ended: 'ended',
  opened: 'opened flows, by process',
  accepted: 'accepted flows, by process',
  contacted: 'called, by process',
  borrowed: 'called by a name of others',
  browses: 'browses at',
  address: 'has the address',
  holder: 'is the hardware',
  named: 'calls itself',
};

/** So many values of each trait are named: what is normal for a host is to fit on a screen. */
const MOST_NAMED = 5;

type Line = Habit | { readonly trait: Trait; readonly more: number };

/** What is normal for a host, on one screen, unless all of it is asked for. */
export function portraitTable(habits: readonly Habit[], screen: Screen, most = MOST_NAMED): string {
  const shown = [...new Set(habits.map(({ trait }) => trait))];
  const lines = shown.flatMap((trait): readonly Line[] => {
    const all = habits.filter(habit => habit.trait === trait);
    return [...all.slice(0, most), ...(all.length > most ? [{ trait, more: all.length - most }] : [])];
  });
  const told = (text: (habit: Habit) => string) => (line: Line) => ('more' in line ? '' : text(line));
  return columnsTable<Line>(
    [
      { title: 'It', width: 27, text: ({ trait }) => words[trait] },
      { title: 'Trait', width: 10, from: 130, text: ({ trait }) => trait },
      { title: 'Value', text: line => ('more' in line ? `… and ${figure(line.more)} more` : line.value) },
      { title: 'Days', width: 6, align: 'right', text: told(({ days }) => figure(days)) },
      { title: 'Times', width: 10, align: 'right', text: told(({ count }) => figure(count)) },
      { title: 'First (UTC)', width: 18, from: 90, text: told(({ first }) => minuteText(first)) },
      { title: 'Last (UTC)', width: 18, from: 110, text: told(({ last }) => minuteText(last)) },
    ],
    lines,
    screen,
  );
}
