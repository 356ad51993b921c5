import { borderOf } from '../correlate/score.ts';
import type { CountedProcess, Finding } from '../finding/finding.ts';
import type { Rule } from '../rule/rule.ts';
import { aheadText } from '../value/duration.ts';
import { levels } from '../value/level.ts';
import { counted, figure, listed, listedFew, visible } from '../value/text.ts';
import { looksAt } from './look-next.ts';

/** One finding's story, for whoever has to decide what to do about it; `keptIn` is the option by which triage finds it. */
export function explainText(finding: Finding, rule: Rule | undefined, keptIn: string): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['What was seen', seen(finding)],
    ['What is normal', normal(finding)],
    ['Who did it', culprits(finding)],
    ['How sure, and why this score', scored(finding)],
    ['Look next', looksAt(finding)],
    ['What would make it harmless', harmless(finding, rule, keptIn)],
  ];
  const lines = [
    ...headline(finding),
    ...sections.flatMap(([title, said]) => (said.length === 0 ? [] : ['', title, ...said.map(line => `  ${line}`)])),
  ];
  // Line by line: a line break in a stranger's command line begins no section of ours.
  return lines.map(line => `${visible(line)}\n`).join('');
}

/** So many are named of what may be many. */
const MOST_NAMED = 10;
const MOST_PROCESSES = 5;

const some = (words: readonly string[], most = MOST_NAMED): string =>
  listedFew(words, { shown: most, more: count => `${figure(count)} more` });

/** To the millisecond, as it stands in the logs. */
const timeText = (iso: string): string => iso.slice(0, 23).replace('T', ' ');

/** Three digits are enough of it. */
const percent = (share: number): string =>
  share < 0.0001 ? 'less than 0.01 %' : `${Number((share * 100).toPrecision(3))} %`;

function headline({ message, event, rule, oddtalk }: Finding): readonly string[] {
  const { level, status, suppressed, incident } = oddtalk;
  const end = event.end === event.start ? '' : ` to ${timeText(event.end)}`;
  return [
    `${event.risk_score.toFixed(1)} ${level}  ${message}`,
    `${timeText(event.start)}${end} UTC`,
    `Rule ${rule.id}: ${rule.name}`,
    `Finding ${event.id}${incident === undefined ? '' : `, part of incident ${incident}`}`,
    ...(status === undefined ? [] : [STATUS[status]]),
    ...(suppressed ? [`Suppressed by ${suppressed.place}: ${suppressed.reason}`] : []),
  ];
}

const STATUS: Readonly<Record<NonNullable<Finding['oddtalk']['status']>, string>> = {
  raised: 'It was told before, and its level has risen since.',
  grown: 'It was told when its day began; now the day is over, and the list whole.',
  withdrawn: 'It was told before, and does not stand any more by what has been read since.',
};

function seen(finding: Finding): readonly string[] {
  const { threat, oddtalk } = finding;
  const { count, evidence, evidence_total: total, novelties = [], hosts = [], peers = [] } = oddtalk;
  const columns = evidence.map(({ log, ts, source, line, uid }) => [log, timeText(ts), `${source}:${line}`, uid ?? '']);
  return [
    ...partiesText(finding),
    ...(hosts.length > 0 ? [`Hosts: ${some(hosts)}`] : []),
    ...(peers.length > 0 ? [`Peers: ${some(peers)}`] : []),
    ...(novelties.length > 0 ? [`New: ${some(novelties)}`] : []),
    ...(threat ? [`As ATT&CK has it: ${threat.technique.id.join(', ')}`] : []),
    `${count === 1 ? 'Once' : `${figure(count)} times`}. ${whichLines(evidence.length, total)}:`,
    ...aligned(columns).map(line => `  ${line}`),
  ];
}

function whichLines(shown: number, total: number): string {
  if (total > shown)
    return shown === 1 ? `The first of ${figure(total)} lines` : `The first ${shown} of ${figure(total)} lines`;
  return shown === 1 ? 'The line' : 'The lines';
}

function partiesText({ host, source, destination, network }: Finding): readonly string[] {
  const nameOf = (ip: string): string =>
    host?.name !== undefined && host.ip?.includes(ip) ? `${ip} (${host.name})` : ip;
  const ends = [
    ...(source ? [`from ${nameOf(source.ip)}`] : []),
    ...(destination ? [`to ${nameOf(destination.ip)}`] : []),
    ...(destination?.port === undefined ? [] : [`port ${destination.port}`]),
  ];
  const { transport, direction } = network ?? {};
  const how = [transport, direction].filter(word => word !== undefined).join(', ');
  if (ends.length === 0) return [];
  return [`${ends.join(' ')}${how === '' ? '' : ` (${how})`}`.replace(/^./, first => first.toUpperCase())];
}

/** In columns as wide as their widest. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widthOf = (column: number): number => Math.max(...rows.map(row => (row[column] ?? '').length));
  return rows.map(row =>
    row
      .map((text, column) => text.padEnd(widthOf(column)))
      .join('  ')
      .trimEnd(),
  );
}

function normal({ oddtalk }: Finding): readonly string[] {
  const { baseline, asset } = oddtalk;
  const { known_since: since, first_seen: first, chance, prevalence } = baseline ?? {};
  return [
    ...(since === undefined ? [] : [`The host had been known since ${timeText(since)}.`]),
    ...(first === undefined ? [] : [`It showed this for the first time ${timeText(first)}.`]),
    ...(chance === undefined ? [] : [`The chance of something so new was ${percent(chance)}.`]),
    ...(prevalence && prevalence.of > 0 ? [prevalenceText(prevalence)] : []),
    ...(asset ? assetText(asset) : []),
  ];
}

const prevalenceText = ({ hosts, of }: NonNullable<Finding['oddtalk']['baseline']>['prevalence']): string =>
  `${figure(hosts)} of ${counted(of, 'host')} ${hosts === 1 ? 'shows' : 'show'} it.`;

function assetText({ role, owner, tags = [] }: NonNullable<Finding['oddtalk']['asset']>): readonly string[] {
  const words = [
    ...(role === undefined ? [] : [`its role is ${role}`]),
    ...(owner === undefined ? [] : [`it belongs to ${owner}`]),
    ...(tags.length > 0 ? [`it is tagged ${tags.join(', ')}`] : []),
  ];
  return words.length === 0 ? [] : [`By the list of assets ${listed(words)}.`];
}

function culprits(finding: Finding): readonly string[] {
  const { processes = [] } = finding.oddtalk;
  if (processes.length === 0) return unknownCulprit(finding);
  const more = processes.length - MOST_PROCESSES;
  return [
    ...processes.slice(0, MOST_PROCESSES).flatMap(processLines),
    ...(more > 0 ? [`and ${counted(more, 'more process', 'more processes')}`] : []),
  ];
}

function unknownCulprit({ host, oddtalk }: Finding): readonly string[] {
  const hosts = oddtalk.hosts ?? host?.ip ?? [];
  const whose = hosts.length === 0 ? 'of the hosts' : `of ${some(hosts, 3)}`;
  return [
    'No process is known.',
    `Sysmon's event 3 (network connection) ${whose}, read beside the sensor's logs, would tell.`,
  ];
}

function processLines(process: CountedProcess): readonly string[] {
  const { host = 'a machine', side, flows, event, user, decoded, ancestors = [] } = process;
  const { command_line: command, entity_id: guid } = process;
  const who = user === undefined ? '' : ` as ${user}`;
  return [
    `${nameOf(process)} ran on ${host}${who}, and ${side} ${counted(flows, 'flow')}`,
    ...(command === undefined ? [] : [`  command line: ${command}`]),
    ...(decoded === undefined ? [] : [`  it hides in base64: ${decoded}`]),
    ...ancestors.map(
      (ancestor, index) =>
        `  ${index === 0 ? 'started by' : 'which was started by'} ${nameOf(ancestor)}${ancestor.command_line === undefined ? '' : `: ${ancestor.command_line}`}`,
    ),
    ...(guid === undefined ? [] : [`  Sysmon's ProcessGuid: ${guid}`]),
    ...(event === undefined ? [] : [`  its first call of the peer stands in ${event.source}:${event.line}`]),
    `  known ${methodText(process)}: ${percent(process.confidence)} sure`,
  ];
}

const nameOf = ({ executable, name, pid }: Pick<CountedProcess, 'executable' | 'name' | 'pid'>): string =>
  `${executable ?? name ?? 'a process without a name'}${pid === undefined ? '' : ` (pid ${pid})`}`;

function methodText({ method, clock_offset_s: offset = 0 }: CountedProcess): string {
  switch (method) {
    case '5-tuple':
      return `by addresses and ports${clockText(offset)}`;
    case 'dns-answer':
      return 'because it had asked for a name of that address, which is less sure';
    case 'dns-query':
      return 'because it had asked for that name, by the endpoint';
    case 'endpoint':
      return "by the endpoint's own word";
  }
}

const clockText = (ahead: number): string =>
  Math.abs(ahead) < 1 ? '' : `, the clock of the endpoint ${aheadText(ahead)}`;

function scored({ event, oddtalk }: Finding): readonly string[] {
  const { confidence, score, level } = oddtalk;
  const borders = levels.filter(each => borderOf(each) > 0).map(each => `${each} from ${borderOf(each)}`);
  return [
    `${percent(confidence)} sure of what was seen`,
    ...score.map(({ because, adds }) => `+${adds.toFixed(3)} because ${because}`),
    `= ${(event.risk_score / 100).toFixed(3)}, a score of ${event.risk_score.toFixed(1)}: ${level} (${listed(borders)})`,
  ];
}

function harmless({ event, rule: { id } }: Finding, rule: Rule | undefined, keptIn: string): readonly string[] {
  const { description = '', falsepositives = [] } = rule ?? {};
  return [
    ...(rule
      ? description.trim().split('\n')
      : [`What it may come from is not known: no rule is called ${id} any more.`]),
    ...(falsepositives.length > 0 ? ['It may be harmless where it comes from:'] : []),
    ...falsepositives.map(cause => `  - ${cause}`),
    'If so, say it, and it is not told again:',
    `  oddtalk triage ${event.id.slice(0, 8)} benign --reason 'WHY' ${keptIn} --suppress harmless.yml`,
  ];
}
