import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createGzip } from 'node:zlib';

/**
 * Writes what a network of 400 hosts logs in a week, as Zeek (TSV and JSON) and as Suricata EVE, each plain and as 24
 * gzip files. Every run writes the same bytes.
 */
export async function writeCorpus(folder, records) {
  for (const [name, header, write] of forms) {
    for (const isZipped of [false, true])
      await writeForm(path.join(folder, isZipped ? `${name}.gz` : name), { header, write, isZipped, records });
  }
}

const FILES = 24;
const START = Date.UTC(2026, 0, 5) / 1000;
const WEEK = 7 * 86400;

async function writeForm(folder, { header, write, isZipped, records }) {
  mkdirSync(folder, { recursive: true });
  const parts = isZipped ? FILES : 1;
  for (let part = 0; part < parts; part++) {
    const outlets = new Map();
    const put = async (log, line) => {
      if (!outlets.has(log))
        outlets.set(
          log,
          openOutlet(path.join(folder, `${log}.${part}.log${isZipped ? '.gz' : ''}`), isZipped, header(log)),
        );
      const { into } = outlets.get(log);
      if (!into.write(`${line}\n`)) await once(into, 'drain');
    };
    const [from, to] = [Math.floor((records * part) / parts), Math.floor((records * (part + 1)) / parts)];
    for (let index = from; index < to; index++)
      for (const [log, line] of write(connection(index, records))) await put(log, line);
    for (const { into, file } of outlets.values()) {
      into.end();
      await once(file, 'close');
    }
  }
}

function openOutlet(name, isZipped, header) {
  const file = createWriteStream(name);
  const into = isZipped ? createGzip() : file;
  if (isZipped) into.pipe(file);
  into.write(header);
  return { into, file };
}

/** A number from 0 to 2^32 - 1 that follows from two others. */
function chance(index, salt) {
  let hash = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}

const kinds = [
  { port: 443, transport: 'tcp', service: 'ssl' },
  { port: 53, transport: 'udp', service: 'dns' },
  { port: 443, transport: 'tcp', service: 'ssl' },
  { port: 80, transport: 'tcp', service: 'http' },
  { port: 445, transport: 'tcp', service: 'gssapi,smb' },
];

function connection(index, records) {
  const kind = kinds[chance(index, 1) % kinds.length];
  // Few peers have most of the traffic.
  const peer = Math.floor((chance(index, 2) / 2 ** 32) ** 3 * 20_000);
  const host = chance(index, 3) % 400;
  return {
    ...kind,
    time: START + (index / records) * WEEK,
    uid: `C${chance(index, 4).toString(36)}${chance(index, 5).toString(36)}`,
    number: index + 1,
    from: `10.1.${host >> 8}.${host & 255}`,
    to:
      kind.port === 53 || kind.port === 445
        ? `10.1.9.${peer % 8}`
        : `198.${18 + (peer >> 14)}.${(peer >> 8) & 63}.${peer & 255}`,
    fromPort: 49152 + (chance(index, 6) % 16000),
    sent: chance(index, 7) % 5000,
    received: chance(index, 8) % 90_000,
    name: `www.site-${peer}.example`,
  };
}

const zeekFields = {
  conn: 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents'.split(
    ' ',
  ),
  dns: 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto query qclass qtype_name Z'.split(' '),
  http: 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p method host uri version request_body_len'.split(' '),
  ssl: 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p version server_name established ssl_history'.split(' '),
};

function zeekRecords(flow) {
  const ends = [flow.time.toFixed(6), flow.uid, flow.from, flow.fromPort, flow.to, flow.port];
  const history = flow.transport === 'tcp' ? 'ShADadFf' : 'Dd';
  const conn = [
    ...ends,
    flow.transport,
    flow.service,
    1.5,
    flow.sent,
    flow.received,
    'SF',
    'T',
    flow.to.startsWith('10.') ? 'T' : 'F',
    0,
    history,
    9,
    flow.sent + 360,
    9,
    flow.received + 360,
    '(empty)',
  ];
  const own = {
    dns: [...ends, flow.transport, flow.name, 1, 'A', 0],
    http: [...ends, 'GET', flow.name, '/', '1.1', 0],
    ssl: [...ends, 'TLSv13', flow.name, 'T', 'CsiI'],
  }[flow.service];
  return [['conn', conn], ...(own ? [[flow.service, own]] : [])];
}

const asJson = (log, values) =>
  JSON.stringify(
    Object.fromEntries(
      zeekFields[log].flatMap((field, index) => {
        const value = values[index];
        if (field === 'tunnel_parents') return [];
        return [[field, field === 'ts' ? Number(value) : value === 'T' ? true : value === 'F' ? false : value]];
      }),
    ),
  );

function eveRecords(flow) {
  const timestamp = new Date(flow.time * 1000).toISOString().replace('Z', '000+0000');
  const ends = {
    flow_id: flow.number,
    src_ip: flow.from,
    src_port: flow.fromPort,
    dest_ip: flow.to,
    dest_port: flow.port,
    proto: flow.transport.toUpperCase(),
  };
  const protocol = { ssl: 'tls', 'gssapi,smb': 'smb' }[flow.service] ?? flow.service;
  const counts = {
    pkts_toserver: 9,
    pkts_toclient: 9,
    bytes_toserver: flow.sent + 486,
    bytes_toclient: flow.received + 486,
    start: timestamp,
    end: timestamp,
    state: 'closed',
  };
  const tcp = flow.transport === 'tcp' ? { tcp: { tcp_flags_ts: '1b', tcp_flags_tc: '1b' } } : {};
  const own = {
    dns: { dns: { type: 'query', rrname: flow.name, rrtype: 'A' } },
    http: { http: { hostname: flow.name, url: '/', http_method: 'GET', protocol: 'HTTP/1.1' } },
    tls: { tls: { sni: flow.name, version: 'TLS 1.3' } },
  }[protocol];
  const record = (type, more) => ['eve', JSON.stringify({ timestamp, event_type: type, ...ends, ...more })];
  return [record('flow', { app_proto: protocol, flow: counts, ...tcp }), ...(own ? [record(protocol, own)] : [])];
}

const zeekHeader = log =>
  [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${log}`,
    ['#fields', ...zeekFields[log]].join('\t'),
    '',
  ].join('\n');

const forms = [
  ['tsv', zeekHeader, flow => zeekRecords(flow).map(([log, values]) => [log, values.join('\t')])],
  ['json', () => '', flow => zeekRecords(flow).map(([log, values]) => [log, asJson(log, values)])],
  ['eve', () => '', eveRecords],
];
