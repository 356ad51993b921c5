import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Finding } from '../finding/finding.ts';
import type { Level } from '../value/level.ts';
import { visible } from '../value/text.ts';
import { minuteText } from '../value/time.ts';

/** What the terminal can show. */
export interface Screen {
  readonly columns: number;
  readonly colours: boolean;
}

/** Findings for eyes, the weightiest first, as they come. Narrow terminals lose the rule, then the time, then the level. */
export function findingsTable(findings: readonly Finding[], screen: Screen): string {
  const chalk = new Chalk({ level: screen.colours ? 1 : 0 });
  return columnsTable<Finding>(
    [
      { title: 'Score', width: 6, align: 'right', text: ({ event }) => event.risk_score.toFixed(1) },
      {
        title: 'Level',
        width: 14,
        from: 50,
        text: ({ oddtalk }) => oddtalk.level,
        paint: (text, { oddtalk }) => coloured(oddtalk.level, chalk)(text),
      },
      { title: 'Since (UTC)', width: 17, from: 72, text: found => minuteText(found['@timestamp']) },
      { title: 'Finding', text: textOf },
      { title: 'Rule', width: 26, from: 104, text: ({ rule }) => rule.id, paint: text => chalk.dim(text) },
    ],
    findings,
    screen,
  );
}

const textOf = ({ message, oddtalk }: Finding): string =>
  oddtalk.suppressed ? `${message} (suppressed: ${oddtalk.suppressed.reason})` : message;

/** A column of a table: what it shows of a row, and how. */
export interface Column<Row> {
  readonly title: string;
  /** In characters with the blank before; one column has none, and takes what the others leave. */
  readonly width?: number;
  readonly align?: 'left' | 'right';
  /** Terminals with fewer columns do without it. */
  readonly from?: number;
  text(row: Row): string;
  paint?(text: string, row: Row): string;
}

/** So much of a line is left to the column without a width, however narrow the terminal. */
const LEAST_WIDTH = 16;

/** Any table of ours: only heads and rows, without lines. */
export function columnsTable<Row>(all: readonly Column<Row>[], rows: readonly Row[], screen: Screen): string {
  const chalk = new Chalk({ level: screen.colours ? 1 : 0 });
  const columns = all.filter(({ from = 0 }) => screen.columns >= from);
  const taken = columns.reduce((sum, { width = 0 }) => sum + width, 0);
  const rest = Math.max(LEAST_WIDTH, screen.columns - taken - columns.length + 1);
  const widths = columns.map(({ width = rest }) => width);
  const table = new Table({
    head: columns.map(({ title }) => chalk.bold(title)),
    colWidths: widths,
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: { ...noLines, mid: '', middle: ' ' },
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 0 },
    wordWrap: true,
  });
  for (const row of rows) {
    table.push(
      columns.map(({ text, paint }, index) => {
        const cell = broken(visible(text(row)), (widths[index] ?? rest) - 1);
        return paint?.(cell, row) ?? cell;
      }),
    );
  }
  return `${table.toString().replace(/[ \t]+$/gm, '')}\n`;
}

const noLines = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', 'mid-mid': '', right: '', 'right-mid': '' },
};

/** Words wider than a column (paths, names) are broken; the table would cut them. Some characters are two columns wide. */
const broken = (text: string, width: number): string =>
  text.replace(/\S+/g, word => {
    if (stringWidth(word) <= width) return word;
    const lines = [''];
    for (const { segment } of graphemes.segment(word)) {
      if (stringWidth(`${lines.at(-1)}${segment}`) > width) lines.push(segment);
      else lines[lines.length - 1] += segment;
    }
    return lines.join('\n');
  });

const graphemes = new Intl.Segmenter();

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
