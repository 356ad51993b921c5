import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { Level } from '../value/level.ts';
import { listAt } from '../value/made-at.ts';
import { counted, visible } from '../value/text.ts';
import { minuteText } from '../value/time.ts';

/** What the terminal can show. */
export interface Screen {
  readonly columns: number;
  readonly colours: boolean;
}

/**
 * Findings for eyes: incidents of several first, each with its findings under it, and the weightiest of all first. Narrow
 * terminals lose the rule, then the id, then the time, then the level.
 */
export function findingsTable(findings: readonly Finding[], incidents: readonly Incident[], screen: Screen): string {
  const chalk = new Chalk({ level: screen.colours ? 1 : 0 });
  return columnsTable<Line>(
    [
      { title: 'Score', width: 6, align: 'right', text: ({ score }) => score.toFixed(1) },
      {
        title: 'Level',
        width: 14,
        from: 50,
        text: ({ level }) => level,
        paint: (text, { level }) => coloured(level, chalk)(text),
      },
      { title: 'Since (UTC)', width: 17, from: 72, text: ({ start }) => minuteText(start) },
      { title: 'Finding', text: ({ text }) => text, paint: (text, { isHead }) => (isHead ? chalk.bold(text) : text) },
      { title: 'Rule', width: 26, from: 116, text: ({ rule }) => rule, paint: text => chalk.dim(text) },
      { title: 'Id', width: 10, from: 84, text: ({ id }) => id, paint: text => chalk.dim(text) },
    ],
    linesOf(findings, incidents),
    screen,
  );
}

interface Line {
  readonly score: number;
  readonly level: Level;
  readonly start: string;
  readonly text: string;
  readonly rule: string;
  /** Enough of it to ask for more: `oddtalk explain ID`. */
  readonly id: string;
  readonly isHead: boolean;
}

/** A line for each finding, and one above those that belong together. */
function linesOf(findings: readonly Finding[], incidents: readonly Incident[]): readonly Line[] {
  const members = new Map<string, Finding[]>();
  for (const finding of findings)
    if (finding.oddtalk.incident !== undefined) listAt(members, finding.oddtalk.incident).push(finding);
  const heads = incidents.filter(({ id }) => (members.get(id)?.length ?? 0) > 1);
  const isUnder = new Set(heads.map(({ id }) => id));
  const blocks = [
    ...heads.map(incident => ({
      score: incident.score,
      lines: [
        {
          ...incident,
          text: `${incident.message}: ${counted(members.get(incident.id)?.length ?? 0, 'finding')}`,
          rule: 'incident',
          id: '',
          isHead: true,
        },
        ...(members.get(incident.id) ?? []).map(finding => lineOf(finding, '- ')),
      ],
    })),
    ...findings
      .filter(({ oddtalk }) => oddtalk.incident === undefined || !isUnder.has(oddtalk.incident))
      .map(finding => ({ score: finding.event.risk_score, lines: [lineOf(finding)] })),
  ];
  return blocks.sort((one, other) => other.score - one.score).flatMap(({ lines }) => lines);
}

const lineOf = (finding: Finding, mark = ''): Line => ({
  score: finding.event.risk_score,
  level: finding.oddtalk.level,
  start: finding['@timestamp'],
  text: `${mark}${textOf(finding)}`,
  rule: finding.rule.id,
  id: finding.event.id.slice(0, 8),
  isHead: false,
});

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
