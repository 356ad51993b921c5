import { existsSync } from 'node:fs';
import { withDatabase } from '../baseline/store/database.ts';
import { weightiestFirst } from '../correlate/score.ts';
import { createTold } from '../correlate/told.ts';
import type { Finding } from '../finding/finding.ts';
import { STDIN } from '../input/sources.ts';
import { print } from '../output/print.ts';
import { counted } from '../value/text.ts';
import { explainText } from './explain-text.ts';
import { pathWord } from './look-next.ts';
import { allRules } from './select-rules.ts';
import { type Terminal, tell, UsageError } from './terminal.ts';
import { isId, placeName, readFindings, refuseNoId, theOne } from './told-findings.ts';

export interface ExplainOptions {
  readonly baseline?: string;
  readonly findings?: string;
  readonly rules?: readonly string[];
}

/** Tells the story of a finding, or of each in a file, for people. */
export async function explainCommand(
  words: readonly (string | undefined)[],
  options: ExplainOptions,
  terminal: Terminal,
): Promise<number> {
  const asked = askedIn(words, options, terminal);
  const rules = new Map((await allRules(options.rules ?? [])).map(rule => [rule.id, rule]));
  const findings = asked.from === 'baseline' ? [await keptFinding(asked)] : await writtenFindings(asked, terminal);
  for (const [index, finding] of findings.entries()) {
    const text = explainText(finding, rules.get(finding.rule.id), keptIn(asked));
    await print(terminal.stdout, index === 0 ? text : `\n${BETWEEN}\n\n${text}`);
  }
  return 0;
}

const BETWEEN = '─'.repeat(72);

/** Which findings, and where they stand. */
type Asked =
  | { readonly from: 'baseline'; readonly file: string; readonly id: string }
  | { readonly from: 'file'; readonly file: string; readonly id: string | undefined };

function askedIn(
  [first, second]: readonly (string | undefined)[],
  { baseline, findings }: ExplainOptions,
  { stdin }: Pick<Terminal, 'stdin'>,
): Asked {
  if ([first, second, baseline, findings].includes(''))
    throw new UsageError('an empty word was typed: is a variable of the shell unset?');
  const [file, ...others] = [baseline, findings, second].filter(place => place !== undefined);
  if (others.length > 0)
    throw new UsageError(
      'the findings are in one place: name a --baseline, a file of --findings, or a file after the id',
    );
  if (file !== undefined && first !== undefined) refuseNoId(first);
  if (baseline !== undefined) {
    if (first === undefined)
      throw new UsageError(
        'a baseline keeps all that was told: name the id of the finding (event.id) before --baseline',
      );
    return { from: 'baseline', file: baseline, id: first };
  }
  if (file !== undefined) return { from: 'file', file, id: first };
  // A word alone is a file where there is one of that name.
  const isFile = first !== undefined && (existsSync(first) || !isId(first));
  if (isFile) return { from: 'file', file: first, id: undefined };
  if (stdin.isTTY)
    throw new UsageError(
      'where are the findings? Name a file of them, or the --baseline that told them, or pipe them in: oddtalk hunt logs -f ndjson | oddtalk explain -',
    );
  return { from: 'file', file: STDIN, id: first };
}

const keptFinding = ({ file, id }: Extract<Asked, { from: 'baseline' }>): Promise<Finding> =>
  withDatabase(file, 'reading', async database => theOne(createTold(database).find(id), id, file));

/** The weightiest first; of a finding that stands there several times, the last word. */
async function writtenFindings(
  { file, id }: Extract<Asked, { from: 'file' }>,
  terminal: Terminal,
): Promise<readonly Finding[]> {
  const { findings, foreign } = await readFindings(file, id ?? '', terminal);
  if (foreign > 0)
    await tell(terminal, [`${placeName(file)}: passed over ${counted(foreign, 'line')} that no finding of oddtalk is`]);
  if (id !== undefined) return [theOne(findings, id, file)];
  if (findings.length === 0)
    throw new UsageError(
      `${placeName(file)}: no finding is in here: expected what oddtalk hunt -f ndjson prints (of a baseline name an id: oddtalk explain ID --baseline FILE)`,
    );
  const latest = new Map(findings.map(finding => [finding.event.id, finding]));
  return [...latest.values()].sort((one, other) => weightiestFirst(rankOf(one), rankOf(other)));
}

const rankOf = ({ event: { risk_score: score, start, id } }: Finding) => ({ score, start, id });

/** The option by which another command finds it again. */
const keptIn = ({ from, file }: Asked): string =>
  `--${from === 'baseline' ? 'baseline' : 'findings'} ${(file === STDIN ? undefined : pathWord(file)) ?? 'FILE'}`;
