import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { Finding } from '../finding/finding.ts';
import type { Level } from '../value/level.ts';
import { visible } from '../value/text.ts';

/** What the terminal can show. */
export interface Screen {
  readonly columns: number;
  readonly colours: boolean;
}

/** Findings for eyes, the weightiest first, as they come. Narrow terminals lose the rule, then the time. */
export function findingsTable(findings: readonly Finding[], screen: Screen): string {
  const chalk = new Chalk({ level: screen.colours ? 1 : 0 });
  const hasTime = screen.columns >= 72;
  const hasRule = screen.columns >= 104;
  const widths = { score: 6, level: 14, time: 17, rule: 26 };
  const others = widths.score + widths.level + (hasTime ? widths.time : 0) + (hasRule ? widths.rule : 0);
  const finding = Math.max(24, screen.columns - others - 4);

  return columnsTable(
    [
      { title: 'Score', width: widths.score, align: 'right' },
      { title: 'Level', width: widths.level },
      ...(hasTime ? [{ title: 'Since (UTC)', width: widths.time }] : []),
      { title: 'Finding', width: finding },
      ...(hasRule ? [{ title: 'Rule', width: widths.rule }] : []),
    ],
    findings.map(({ event, oddtalk, message, rule, ...found }) => [
      event.risk_score.toFixed(1),
      coloured(oddtalk.level, chalk)(oddtalk.level),
      ...(hasTime ? [found['@timestamp'].slice(0, 16).replace('T', ' ')] : []),
      visible(message),
      ...(hasRule ? [chalk.dim(rule.id)] : []),
    ]),
    chalk,
  );
}

export interface ColumnSpec {
  readonly title: string;
  readonly width: number;
  readonly align?: 'left' | 'right';
}

/** Any table of ours: a line under the heads, none between the rows. */
export function columnsTable(
  columns: readonly ColumnSpec[],
  rows: readonly (readonly string[])[],
  chalk = new Chalk({ level: 0 }),
): string {
  const table = new Table({
    head: columns.map(({ title }) => chalk.bold(title)),
    colWidths: columns.map(({ width }) => width),
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: { ...noLines, mid: '', middle: ' ' },
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 0 },
    wordWrap: true,
  });
  for (const row of rows) table.push(row.map((cell, index) => broken(cell, (columns[index]?.width ?? 0) - 1)));
  return `${table.toString().replace(/[ \t]+$/gm, '')}\n`;
}

const noLines = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', 'mid-mid': '', right: '', 'right-mid': '' },
};

/** Words wider than a column (paths, names) are broken; the table would cut them. */
const broken = (text: string, width: number): string =>
  text.replace(
    new RegExp(`[^\\s\\u001b]{${width + 1},}`, 'g'),
    word => word.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n') ?? word,
  );

function coloured(level: Level, chalk: ChalkInstance): ChalkInstance {
  switch (level) {
    case 'critical':
      return chalk.bgRed.white.bold;
    case 'high':
      return chalk.red.bold;
    case 'medium':
      return chalk.yellow;
    case 'low':
      return chalk.cyan;
    case 'informational':
      return chalk.dim;
  }
}
