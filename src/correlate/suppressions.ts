import type { Finding } from '../finding/finding.ts';
import { placeIn } from '../rule/checked.ts';
import { type Form, readDocument } from '../rule/document.ts';
import { textOf } from '../rule/text.ts';
import { fileOf } from '../value/home.ts';
import { partyOf } from '../value/party.ts';
import { ports } from '../value/reader.ts';
import { globOf } from '../value/text.ts';
import { readTime } from '../value/time.ts';
import type { Suppression } from './suppress.ts';

/** An entry of a suppressions file, as `rules/suppressions.schema.json` says it. */
interface Entry {
  readonly rule?: string;
  readonly host?: string;
  readonly peer?: string;
  readonly port?: number | string;
  readonly process?: string;
  readonly reason: string;
  readonly author?: string;
  readonly expires?: string;
}

/** A suppressions file cannot be used; the message says where, what, and what was expected. */
class SuppressionError extends Error {
  override readonly name = 'SuppressionError';
}

export function readSuppressions(file: string): readonly Suppression[] {
  const { content, lines } = readDocument(textOf(file, form.fail), file, form);
  const placeOf = placeIn(file, lines);
  return ((content ?? []) as Entry[]).map((entry, index) => suppressionOf(entry, key => placeOf(`${index}`, ...key)));
}

const form: Form = {
  schemaFile: fileOf('rules/suppressions.schema.json'),
  thing: 'suppression',
  fail: (message, options) => new SuppressionError(message, options),
};

function suppressionOf(entry: Entry, placeOf: (key: readonly string[]) => string): Suppression {
  const { rule, port, process, reason, author, expires } = entry;
  const until = expires === undefined ? Number.POSITIVE_INFINITY : readTime(expires);
  if (until === undefined) throw new SuppressionError(`${placeOf(['expires'])}: expires: there is no day ${expires}`);
  const range = port === undefined ? undefined : ports().read([port]);
  if (port !== undefined && !range)
    throw new SuppressionError(
      `${placeOf(['port'])}: port: found ${port}, expected a port or a range such as "6000-6063"`,
    );
  const isRule = rule === undefined ? undefined : globOf(rule);
  const isProcess = process === undefined ? undefined : globOf(process.toLowerCase());
  const party = (key: 'host' | 'peer'): ((text: string) => boolean) | undefined => {
    const pattern = entry[key];
    const found = pattern === undefined ? undefined : partyOf(pattern);
    if (pattern !== undefined && !found)
      throw new SuppressionError(`${placeOf([key])}: ${key}: there is no address or network ${pattern}`);
    return found?.isMeant;
  };
  const [isHost, isPeer] = [party('host'), party('peer')];
  return {
    ...{ place: placeOf([]), reason, author, until },
    covers: finding =>
      (isRule?.(finding.rule.id) ?? true) &&
      (isHost ? areAll(hostsOf(finding), isHost) : true) &&
      (isPeer ? areAll(peersOf(finding), isPeer) : true) &&
      (range?.has(portOf(finding) ?? -1) ?? true) &&
      (isProcess ? namesOf(finding.process?.executable ?? '').some(isProcess) : true),
  };
}

/** A party may have several names, of which one is enough; where a finding is about several parties, each must be meant. */
const areAll = (parties: readonly (readonly string[])[], isMeant: (text: string) => boolean): boolean =>
  parties.length > 0 && parties.every(names => names.some(isMeant));

/** An executable by its path, and by its name alone. */
const namesOf = (executable: string): readonly string[] => {
  const path = executable.toLowerCase();
  return [path, path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1)];
};

const hostsOf = ({ host, oddtalk }: Finding): readonly (readonly string[])[] => {
  if (oddtalk.hosts) return oddtalk.hosts.map(name => [name]);
  return host ? [[...(host.ip ?? []), ...(host.name === undefined ? [] : [host.name])]] : [];
};

const peersOf = ({ oddtalk }: Finding): readonly (readonly string[])[] => {
  const { peers, key } = oddtalk;
  if (peers) return peers.map(name => [name]);
  const name = key.peer ?? key.aspect;
  return name === undefined ? [] : [[String(name)]];
};

const portOf = ({ oddtalk, destination }: Finding): number | undefined =>
  typeof oddtalk.key.port === 'number' ? oddtalk.key.port : destination?.port;
