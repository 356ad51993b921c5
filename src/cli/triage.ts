import { createTold } from '../correlate/told.ts';
import { suppressFinding } from '../correlate/triage.ts';
import { keepVerdict, type Verdict } from '../correlate/verdicts.ts';
import { isObject, isText, recordIn } from '../decode/record.ts';
import type { Finding } from '../finding/finding.ts';
import { textOf } from '../rule/text.ts';
import { dayText, isoTime, type Micros } from '../value/time.ts';
import { changing } from './keeping.ts';
import { type Terminal, tell, UsageError } from './terminal.ts';

export interface TriageOptions {
  readonly baseline?: string;
  readonly findings?: string;
  readonly suppress?: string;
  readonly reason: string;
  readonly author?: string;
  readonly for?: Micros;
  readonly lockTimeout: Micros;
}

/** Keeps what somebody says of a finding: benign ones are not told again, confirmed ones stay on record. */
export async function triageCommand(
  id: string,
  verdict: Verdict['verdict'],
  options: TriageOptions,
  terminal: Terminal,
): Promise<number> {
  const { baseline, findings, suppress, lockTimeout, reason, author } = options;
  if (baseline === undefined && findings === undefined)
    throw new UsageError('where is the finding? Name the --baseline that told it, or a file of --findings');
  if (verdict === 'benign' && suppress === undefined)
    throw new UsageError(
      'benign findings are not told again: name the file of suppressions to add this one to, --suppress',
    );
  if (verdict === 'confirmed' && baseline === undefined)
    throw new UsageError('what is confirmed is kept with the baseline: name it, --baseline');
  if (!/^[0-9a-f-]{4,36}$/.test(id))
    throw new UsageError(`${id}: expected the id of a finding (event.id), or its first characters, at least four`);
  const now = terminal.now() * 1000;
  const said = { verdict, reason, author, at: now };
  const until = options.for === undefined ? undefined : now + options.for;
  const addTo = (known: Finding): void => {
    if (verdict === 'benign' && suppress !== undefined) suppressFinding(suppress, known, said, until);
  };
  const finding =
    baseline === undefined
      ? findingIn(id, findings ?? '')
      : await changing(baseline, lockTimeout, terminal, async database => {
          const known =
            findings === undefined ? theOne(createTold(database).find(id), id, baseline) : findingIn(id, findings);
          addTo(known);
          keepVerdict(database, known, said);
          return known;
        });
  if (baseline === undefined) addTo(finding);
  const how =
    verdict === 'benign'
      ? `not told again${until === undefined ? '' : ` before ${dayText(isoTime(until))}`}`
      : 'kept on record';
  await tell(terminal, [`${verdict}, ${how}: ${finding.message}`]);
  return 0;
}

/** In a file of NDJSON, as hunt prints it. */
function findingIn(id: string, file: string): Finding {
  const found = textOf(file, (message, options) => new UsageError(message, options))
    .split('\n')
    .filter(line => line.includes(id))
    .flatMap(line => finding(line) ?? [])
    .filter(({ event }) => event.id.startsWith(id));
  return theOne(found, id, file);
}

/** Findings may come several times under one id. */
function theOne(found: readonly Finding[], id: string, file: string): Finding {
  const [last] = found.slice(-1);
  if (!last) throw new UsageError(`${file}: no finding has been told whose id begins with ${id}`);
  if (new Set(found.map(({ event }) => event.id)).size > 1)
    throw new UsageError(`${file}: the ids of several findings begin with ${id}: give more of it`);
  return last;
}

/** What somebody else has written may have the id too, and is none. */
function finding(line: string): Finding | undefined {
  const record = recordIn(line);
  if (!record) return undefined;
  const { event, rule, oddtalk } = record;
  const isFinding =
    [event, rule].every(part => isObject(part) && isText(part.id)) && isObject(oddtalk) && isObject(oddtalk.key);
  return isFinding ? (record as unknown as Finding) : undefined;
}
