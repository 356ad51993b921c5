import type { Talk } from '../baseline/talks.ts';
import type { Address } from '../value/address.ts';
import { listAt } from '../value/made-at.ts';
import { partyOf } from '../value/party.ts';
import { number, words } from '../value/reader.ts';
import { defineDetector } from './detector.ts';
import { fromRow } from './from-row.ts';

/** A host that asks a name server outside, while the others ask the network's own. */
export const resolver = defineDetector({
  name: 'resolver',
  needs: { dns: [], flow: ['services'] },
  options: {
    /** Addresses and networks of name servers that hosts may ask. */
    approved: words(),
    /** A server that this share of all hosts asks is the network's own. */
    usual_share: number(0.1, { most: 1 }),
    /** A host that asks more servers than that resolves names itself. */
    most_servers: number(10, { least: 1, unit: 'name servers' }),
  },

  *conclude(baseline, { approved, usual_share, most_servers }) {
    const parties = [...approved].map(partyOf);
    const isApproved = (server: Address): boolean =>
      parties.some(party => party?.isMeant(baseline.symbols.addressText(server)));
    const talks = baseline.talks().filter(isDns);
    const byServer = new Map<Address, Talk[]>();
    const byHost = new Map<Address | undefined, Talk[]>();
    for (const talk of talks) {
      listAt(byServer, talk.responder).push(talk);
      listAt(byHost, talk.originator).push(talk);
    }
    const hosts = byHost.size;
    const usual = new Set(
      [...byServer].flatMap(([server, asking]) =>
        hostsAsking(asking) >= Math.max(2, usual_share * hosts) ? [server] : [],
      ),
    );
    // Where hosts ask whom they like, none of them stands out.
    if (usual.size === 0) return;
    for (const { originator, responder, port, transport, recognised } of talks) {
      const asked = new Set(byHost.get(originator)?.map(talk => talk.responder)).size;
      if (originator === undefined || usual.has(responder) || isApproved(responder)) continue;
      if (asked > most_servers || usual.has(originator) || baseline.isLocal(responder)) continue;
      const [row] = recognised.filter(({ services }) => services.includes('dns')).map(({ row }) => row);
      const sign = { summary: "asks a name server that is not the network's", aspect: 'name server' };
      if (row) yield fromRow(row, { originator, responder, port, transport }, sign, baseline);
    }
  },
});

const hostsAsking = (talks: readonly Talk[]): number => new Set(talks.map(({ originator }) => originator)).size;

const isDns = ({ port, originator, recognised }: Talk): boolean =>
  port === 53 && originator !== undefined && recognised.some(({ services }) => services.includes('dns'));
