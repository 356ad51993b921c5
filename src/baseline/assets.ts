import { madeAt } from '../value/made-at.ts';
import { type Party, partyOf } from '../value/party.ts';

/** What a host is for, as somebody wrote it down. */
export interface Asset {
  readonly role?: string;
  readonly owner?: string;
  readonly tags?: readonly string[];
}

/** An entry of the list: who is meant, and what that is. */
export interface AssetEntry extends Asset {
  readonly host: string;
}

/** What is known of hosts, by any of their names. */
export interface Assets {
  /** All roles and tags that there are. */
  readonly words: ReadonlySet<string>;
  of(names: readonly string[]): Asset | undefined;
}

/** The entry that names a host most closely counts; of equally close ones the first. */
export function createAssets(entries: readonly AssetEntry[]): Assets {
  const parties = entries
    .flatMap(({ host, ...asset }): readonly { readonly asset: Asset; readonly party: Party }[] => {
      const party = partyOf(host);
      return party ? [{ asset, party }] : [];
    })
    .sort((one, other) => other.party.closeness - one.party.closeness);
  const known = new Map<string, Asset | undefined>();
  return {
    words: new Set(entries.flatMap(({ role, tags = [] }) => (role === undefined ? tags : [role, ...tags]))),
    of: names => madeAt(known, names.join('\n'), () => parties.find(({ party }) => names.some(party.isMeant))?.asset),
  };
}

export const noAssets: Assets = { words: new Set(), of: () => undefined };
