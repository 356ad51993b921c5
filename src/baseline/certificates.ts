import type { Symbols } from '../kernel/symbols.ts';
import type { Micros } from '../value/time.ts';
import type { Row } from './row.ts';
import { BY_CERTIFICATE, JUDGED, partsOf, type Trait } from './traits.ts';

/** What is in a certificate. */
interface Facts {
  readonly subject: string | undefined;
  readonly issuer: string | undefined;
  readonly notBefore: Micros | undefined;
  readonly notAfter: Micros | undefined;
}

/** That a server showed a certificate to a host. */
interface Shown {
  readonly row: Row;
  readonly facts: Facts;
  /** The sensor has said itself whether it is to be trusted. */
  readonly isJudged: boolean;
}

export interface Certificates {
  readonly shown: readonly Shown[];
  /** Who vouches, given as the issuer's name or by a certificate; undefined where nothing is known of that. */
  issuerOf(who: string): string | undefined;
}

/** Handshakes and certificates are in two logs, and come together here, whichever was read first. */
export function certificatesIn(rowsOf: (trait: Trait) => readonly Row[], symbols: Symbols): Certificates {
  const facts = new Map(
    rowsOf('issued').map(({ entity, name }) => [symbols.addressText(entity), factsIn(symbols.text(name))]),
  );
  return {
    shown: rowsOf('shown').flatMap(row => {
      const [judged, certificate] = partsOf(symbols.text(row.name));
      const known = facts.get(certificate);
      return known ? [{ row, facts: known, isJudged: judged === JUDGED }] : [];
    }),
    issuerOf: who => (who.startsWith(BY_CERTIFICATE) ? facts.get(who.slice(BY_CERTIFICATE.length))?.issuer : who),
  };
}

/** Nothing of what is none: names of which there were too many are all one (`Symbols`). */
function factsIn(text: string): Facts {
  const [subject, issuer, notBefore, notAfter] = partsIn(text);
  return {
    subject: subject ?? undefined,
    issuer: issuer ?? undefined,
    notBefore: notBefore ?? undefined,
    notAfter: notAfter ?? undefined,
  };
}

function partsIn(text: string): readonly [string?, string?, number?, number?] {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}
