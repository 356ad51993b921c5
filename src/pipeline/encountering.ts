import { keyText } from '../baseline/process.ts';
import { Encounters, type Side } from '../correlate/encounters.ts';
import type { Records } from '../decode/reading.ts';
import { addressesIn } from '../decode/windows/answers.ts';
import type { EventKind } from '../event/event.ts';
import type { ProcessConnect, ProcessDns } from '../event/process.ts';
import { createRecent, type SymbolId, type Symbols } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import { fingerprintOf } from '../value/fingerprint.ts';
import { madeAt } from '../value/made-at.ts';

/**
 * The machines that an endpoint sensor speaks of, by their addresses; `all` where it is not known yet which those will be.
 * Undefined: none.
 */
export type Watched = 'all' | readonly string[] | undefined;

type Encounter = (records: Records, count: number) => void;

/** Notes by itself what is to be joined: what endpoints tell, and the flows of the machines that they speak of. */
export function createEncountering(watched: Watched, symbols: Symbols) {
  const encounters = new Encounters();
  const isAll = watched === 'all';
  const addresses = new Set(isAll ? [] : watched?.flatMap(text => symbols.address(text) ?? []));

  /** Of each process once: it is asked for every connection. */
  const known = new Map<string, SymbolId>();
  const whoOf = ({ host, processGuid, processId, image, user }: ProcessConnect | ProcessDns): SymbolId => {
    const make = (): SymbolId =>
      symbols.of(keyText({ machine: symbols.addressText(host), guid: processGuid, pid: processId, image, user }));
    return madeAt(known, `${host}\n${processGuid}\n${processId}\n${image}\n${user}`, make, MOST_KNOWN);
  };
  const symbolOf = createRecent(symbols);

  return {
    encounters,
    /** Who hears of events of a kind; undefined where nobody needs to. */
    listenerFor(kind: EventKind, log: string, place: { readonly segment: number }): Encounter | undefined {
      if (kind === 'flow' && watched === undefined) return undefined;
      if (kind !== 'flow' && kind !== 'process-connect' && kind !== 'process-dns') return undefined;
      const name = symbols.of(log);
      const conversation = (
        { time, originator, originatorPort = 0, responder, responderPort = 0, transport }: Met,
        side: Side,
        who: SymbolId,
        line: number,
      ): void => {
        if (!isPort(originatorPort) || !isPort(responderPort)) return;
        // Written out: there may be one for every flow.
        encounters.push({
          side,
          time,
          originator,
          originatorPort,
          responder,
          responderPort,
          who,
          line,
          transport: symbolOf(transport),
          log: name,
          segment: place.segment,
        });
      };
      return (records, count) => {
        const { event, rows } = records;
        for (let at = 0; at < count; at++) {
          const row = rows[at] ?? 0;
          event.row = row;
          if (event.kind === 'flow') {
            if (!isAll && !addresses.has(event.originator) && !addresses.has(event.responder)) continue;
            const { uid } = event;
            conversation(event, 'flow', uid === undefined ? 0 : fingerprintOf(uid), records.lineOf(row));
          } else if (event.kind === 'process-connect') {
            if (event.originatorPort === undefined || event.responderPort === undefined) continue;
            const side = event.initiated === false ? 'accepted' : 'opened';
            conversation(event, side, whoOf(event), records.lineOf(row));
          } else if (event.kind === 'process-dns') {
            const { time, host, answers } = event;
            const given =
              answers === undefined ? [] : addressesIn(answers).flatMap(text => symbols.address(text) ?? []);
            if (given.length === 0) continue;
            const who = whoOf(event);
            const line = records.lineOf(row);
            for (const responder of given)
              conversation({ ...NO_PORTS, time, originator: host, responder }, 'answer', who, line);
          }
        }
      };
    },
  };
}

const NO_PORTS = { originatorPort: 0, responderPort: 0, transport: undefined };

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535;

const MOST_KNOWN = 50_000;

interface Met {
  readonly time: number;
  readonly originator: Address;
  readonly originatorPort: number | undefined;
  readonly responder: Address;
  readonly responderPort: number | undefined;
  readonly transport: string | undefined;
}
