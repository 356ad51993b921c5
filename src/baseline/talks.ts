import type { SymbolId, Symbols } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import { NONE, type Row } from './row.ts';
import type { Trait } from './traits.ts';

/** What is spoken between two parties on one port, over the whole time. */
export interface Talk {
  readonly originator: Address | undefined;
  readonly responder: Address;
  readonly port: number;
  /** Undefined where no log says. */
  readonly transport: string | undefined;
  /** A row for each set of protocols that was recognised, by flow records and by the protocols' own logs. */
  readonly recognised: readonly Recognised[];
  /** Flows with payload in both directions in which nothing was recognised. */
  readonly unrecognised: Row | undefined;
}

interface Recognised {
  readonly services: readonly string[];
  readonly row: Row;
}

/** All talks of local hosts, and as one talk without an originator what comes to a host's port from outside. */
export function talksIn(rowsOf: (trait: Trait) => readonly Row[], symbols: Symbols): readonly Talk[] {
  const talks = new Map<string, { -readonly [Key in keyof Talk]: Talk[Key] } & { recognised: Recognised[] }>();
  const talkOf = (originator: Address | undefined, responder: Address, port: number, transport: SymbolId) => {
    const key = keyOf(originator, responder, port, transport);
    const talk = talks.get(key) ?? {
      originator,
      responder,
      port,
      transport: symbols.text(transport) || undefined,
      recognised: [],
      unrecognised: undefined,
    };
    talks.set(key, talk);
    return talk;
  };
  const transports = ['udp', 'tcp'].map(symbols.of);
  /** Logs of protocols do not all say over what: TLS in QUIC is in the same log as over TCP. */
  const talkThatSpeaks = ({ entity, peer, port, transport }: Row, spoken: string): ReturnType<typeof talkOf> =>
    talks.get(keyOf(entity, peer, port, transport)) ??
    transports
      .map(other => talks.get(keyOf(entity, peer, port, other)))
      .find(talk => talk?.recognised.some(({ services }) => services.includes(spoken))) ??
    talkOf(entity, peer, port, transport);
  const add = (talk: ReturnType<typeof talkOf>, row: Row): void => {
    const name = symbols.text(row.name);
    if (name === '') talk.unrecognised = row;
    else talk.recognised.push({ services: name.split(','), row });
  };

  for (const row of rowsOf('service')) {
    if (row.port !== NONE) add(talkOf(row.entity, row.peer, row.port, row.transport), row);
  }
  for (const row of rowsOf('served')) {
    if (row.port !== NONE) add(talkOf(undefined, row.entity, row.port, row.transport), row);
  }
  for (const row of rowsOf('spoken')) {
    const spoken = symbols.text(row.name);
    const talk = talkThatSpeaks(row, spoken);
    const isRecorded = talk.recognised.some(({ services }) => services.includes(spoken));
    if (!isRecorded) add(talk, row);
  }
  return [...talks.values()];
}

const keyOf = (originator: Address | undefined, responder: Address, port: number, transport: SymbolId): string =>
  `${originator} ${responder} ${port} ${transport}`;
