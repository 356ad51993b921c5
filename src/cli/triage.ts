import { createTold } from '../correlate/told.ts';
import { suppressFinding } from '../correlate/triage.ts';
import { keepVerdict, type Verdict } from '../correlate/verdicts.ts';
import type { Finding } from '../finding/finding.ts';
import { dayText, isoTime, type Micros } from '../value/time.ts';
import { changing } from './keeping.ts';
import { type Terminal, tell, UsageError } from './terminal.ts';
import { readFindings, refuseNoId, theOne } from './told-findings.ts';

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
  refuseNoId(id);
  const now = terminal.now() * 1000;
  const said = { verdict, reason, author, at: now };
  const until = options.for === undefined ? undefined : now + options.for;
  const addTo = (known: Finding): void => {
    if (verdict === 'benign' && suppress !== undefined) suppressFinding(suppress, known, said, until);
  };
  const finding =
    baseline === undefined
      ? await findingIn(id, findings ?? '', terminal)
      : await changing(baseline, lockTimeout, terminal, async database => {
          const known =
            findings === undefined
              ? theOne(createTold(database).find(id), id, baseline)
              : await findingIn(id, findings, terminal);
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

const findingIn = async (id: string, file: string, terminal: Terminal): Promise<Finding> =>
  theOne((await readFindings(file, id, terminal)).findings, id, file);
