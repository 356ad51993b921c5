import path from 'node:path';
import type { Finding } from '../finding/finding.ts';
import { STDIN } from '../input/sources.ts';
import { isAddress, spellingsOf } from '../value/address.ts';
import { listAt } from '../value/made-at.ts';
import { visible } from '../value/text.ts';

/** What to type in a POSIX shell to see more of what a finding is about. Paths and names are strangers' words. */
export function looksAt(finding: Finding): readonly string[] {
  const places = placesOf(finding).slice(0, MOST_PLACES);
  const within = places.filter(({ source }) => obstacleTo(source) === undefined);
  const peer = peerOf(finding);
  return [
    ...titled('The raw lines:', within.map(linesCommand)),
    ...titled('What the logs say of the same:', [...new Set(within.flatMap(sameCommand))]),
    ...(peer === undefined ? [] : titled(`What they say of ${peer}:`, within.slice(0, 1).map(peerCommand(peer)))),
    ...places.filter(place => !within.includes(place)).map(byHand),
    ...(within.some(({ source }) => !path.posix.isAbsolute(source)) ? ['Paths begin where hunt was run.'] : []),
  ];
}

/** So many files are looked into. */
const MOST_PLACES = 5;

const titled = (title: string, commands: readonly string[]): readonly string[] =>
  commands.length === 0 ? [] : [title, ...commands.map(command => `  ${command}`)];

type EvidenceLine = Finding['oddtalk']['evidence'][number];

/** The evidence in one file. */
interface Place {
  readonly source: string;
  readonly lines: readonly EvidenceLine[];
}

function placesOf({ oddtalk }: Finding): readonly Place[] {
  const bySource = new Map<string, EvidenceLine[]>();
  for (const line of oddtalk.evidence) listAt(bySource, line.source).push(line);
  return [...bySource].map(([source, lines]) => ({ source, lines }));
}

/** Why a shell cannot read it by its name. */
function obstacleTo(source: string): string | undefined {
  if (source === STDIN) return 'came through standard input';
  if (/\.(?:zip|tar|t[gz]z|tar\.\w+)!/i.test(source)) return 'lies in an archive';
  return pathWord(source) === undefined ? 'has characters in its name that no shell should be given' : undefined;
}

const byHand = ({ source, lines }: Place): string =>
  `By hand: ${numbersOf(lines).length === 1 ? 'line' : 'lines'} ${numbersOf(lines).join(', ')} of ${source}, which ${obstacleTo(source)}.`;

const numbersOf = (lines: readonly EvidenceLine[]): readonly number[] => [...new Set(lines.map(({ line }) => line))];

/**
 * A path as one word that no option is. Undefined where it has characters that a terminal must not be shown: with
 * escapes in their place it would name another file.
 */
export function pathWord(name: string): string | undefined {
  if (visible(name) !== name) return undefined;
  return quoted(name.startsWith('-') ? `./${name}` : name);
}

/** Between single quotes a shell takes everything as it is, but for the single quote. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** How files are read that are packed as their names say. */
const packings = [
  { end: /\.gz$/i, unpack: 'zcat', grep: 'zgrep' },
  { end: /\.zst$/i, unpack: 'zstdcat', grep: 'zstdgrep' },
];

const packingOf = (source: string) => packings.find(({ end }) => end.test(source));

const grepFor = (source: string): string => packingOf(source)?.grep ?? 'grep';

/** A program that reads a file, packed or not. */
function reading(program: string, source: string): string {
  const packing = packingOf(source);
  const file = pathWord(source);
  return packing ? `${packing.unpack} ${file} | ${program}` : `${program} ${file}`;
}

function linesCommand({ source, lines }: Place): string {
  const script = numbersOf(lines).map(number => `${number}p`);
  return reading(`sed -n '${script.join(';')}'`, source);
}

/** By what the sensor calls a conversation, or the endpoint a process. */
function sameCommand({ source, lines }: Place): readonly string[] {
  const { log, uid = '' } = lines.find(line => line.uid !== undefined) ?? {};
  // Whatever else stands there, no sensor has made it; and Windows Security has numbers that come again.
  if (log === undefined || !/^[\w{][\w{}-]*$/.test(uid) || log.startsWith('security-')) return [];
  if (log.startsWith('sysmon-')) return [`${grepFor(source)} -i '${uid}' ${pathWord(source)}`];
  if (/^\d+$/.test(uid)) return [reading(`jq -c 'select(.flow_id==${uid})'`, source)];
  return [`${grepFor(source)} -h '${uid}' ${likeIt(source)}`];
}

const peerCommand =
  (peer: string) =>
  ({ source }: Place): string => {
    const pattern = spellingsOf(peer).join('|').replaceAll('.', '\\.');
    return `${grepFor(source)} -hwE '${pattern}' ${likeIt(source)}`;
  };

/** The files beside it that end as it does; it alone where that cannot be said. */
function likeIt(source: string): string | undefined {
  const [end] = /\.\w+$/.exec(source) ?? [];
  return end === undefined ? pathWord(source) : `${pathWord(path.posix.dirname(source))}/*${end}`;
}

/** Whom the finding's own host talked to. */
const peerOf = ({ host, source, destination }: Finding): string | undefined =>
  [destination, source].flatMap(end => end?.ip ?? []).find(ip => isAddress(ip) && !host?.ip?.includes(ip));
