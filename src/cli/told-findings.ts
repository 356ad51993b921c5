import { createReadStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { Ajv } from 'ajv';
import split from 'split2';
import { recordIn } from '../decode/record.ts';
import type { Finding } from '../finding/finding.ts';
import { reasonOf } from '../input/reason.ts';
import { STDIN } from '../input/sources.ts';
import { fileOf } from '../value/home.ts';
import { type Terminal, UsageError } from './terminal.ts';

/** Findings that somebody has been told, as they stand in NDJSON. */
interface ToldFindings {
  readonly findings: readonly Finding[];
  /** How many lines are none. */
  readonly foreign: number;
}

/** A finding names at most a hundred hosts and peers; a list of novelties may be long. */
const LONGEST_LINE = 1 << 24;

/** Those in a file as hunt prints it, or on standard input (`-`), whose ids begin so. */
export async function readFindings(
  file: string,
  beginning: string,
  { stdin }: Pick<Terminal, 'stdin'>,
): Promise<ToldFindings> {
  const read = findingReader();
  const findings: Finding[] = [];
  let foreign = 0;
  try {
    const bytes = file === STDIN ? stdin : createReadStream(file);
    for await (const line of pipeline(bytes, split({ maxLength: LONGEST_LINE }), failuresReachTheLoop)) {
      const finding = read(String(line));
      if (finding?.event.id.startsWith(beginning)) findings.push(finding);
      if (!finding && /\S/.test(line)) foreign++;
    }
  } catch (cause) {
    throw new UsageError(`${placeName(file)}: cannot be read: ${reasonOf(cause)}`, { cause });
  }
  return { findings, foreign };
}

const failuresReachTheLoop = (): void => {};

export const placeName = (file: string): string => (file === STDIN ? 'standard input' : file);

export const isId = (text: string): boolean => /^[0-9a-f-]{4,36}$/.test(text);

export function refuseNoId(text: string): void {
  if (!isId(text))
    throw new UsageError(`${text}: expected the id of a finding (event.id), or its first characters, at least four`);
}

/** The one that is meant by the beginning of an id; findings may come several times under one id. */
export function theOne(found: readonly Finding[], id: string, place: string): Finding {
  const [last] = found.slice(-1);
  if (!last) throw new UsageError(`${placeName(place)}: no finding has been told whose id begins with ${id}`);
  if (new Set(found.map(({ event }) => event.id)).size > 1)
    throw new UsageError(`${placeName(place)}: the ids of several findings begin with ${id}: give more of it`);
  return last;
}

/** What may be a finding, by the published schema; what somebody has written beside it is left out. */
function findingReader(): (line: string) => Finding | undefined {
  const schema = JSON.parse(readFileSync(fileOf('src/finding/finding.schema.json'), 'utf8'));
  const isFinding = new Ajv({ allowUnionTypes: true, removeAdditional: true }).compile<Finding>(schema);
  return line => {
    const record: unknown = recordIn(line);
    return isFinding(record) ? record : undefined;
  };
}
