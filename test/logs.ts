/** Small logs for tests, in Zeek's own format. */

interface LogOptions {
  readonly separator?: string;
  readonly end?: '\n' | '\r\n';
  readonly close?: boolean;
}

/** A Zeek TSV log with a header; values in the order of the fields. */
export function zeekTsv(
  path: string,
  fields: string,
  rows: readonly (readonly (string | number)[])[],
  { separator = '\t', end = '\n', close = true }: LogOptions = {},
): string {
  const escaped = [...separator]
    .map(character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .join('');
  const lines = [
    `#separator ${escaped}`,
    ['#set_separator', ','].join(separator),
    ['#empty_field', '(empty)'].join(separator),
    ['#unset_field', '-'].join(separator),
    ['#path', path].join(separator),
    ['#fields', ...fields.split(' ')].join(separator),
    ...rows.map(row => row.join(separator)),
    ...(close ? [['#close', '2026-01-06-00-00-00'].join(separator)] : []),
  ];
  return lines.map(line => line + end).join('');
}

export const connFields =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig local_resp history resp_pkts';

/** 2026-01-05 00:00 UTC, in seconds. */
export const MONDAY = 1767571200;

export interface Conn {
  readonly ts?: number;
  readonly uid?: string;
  readonly from?: string;
  readonly fromPort?: number;
  readonly to?: string;
  readonly port?: number;
  readonly proto?: string;
  readonly service?: string;
  readonly bytes?: readonly [number, number];
  readonly state?: string;
  readonly history?: string;
  readonly local?: readonly [string, string];
}

/** A line of conn.log, in the order of `connFields`. */
export function conn({
  ts = MONDAY,
  uid = 'C1',
  from = '10.1.0.5',
  fromPort = 50000,
  to = '198.51.100.7',
  port = 443,
  proto = 'tcp',
  service = 'ssl',
  bytes = [900, 4000],
  state = 'SF',
  history = 'ShADadFf',
  local = ['-', '-'],
}: Conn): readonly (string | number)[] {
  return [
    ts.toFixed(6),
    uid,
    from,
    fromPort,
    to,
    port,
    proto,
    service,
    '1.000000',
    ...bytes,
    state,
    ...local,
    history,
    5,
  ];
}

export const connLog = (rows: readonly Conn[], options?: LogOptions): string =>
  zeekTsv('conn', connFields, rows.map(conn), options);

export const lines = (records: readonly object[]): string =>
  records.map(record => `${JSON.stringify(record)}\n`).join('');
