import { isObject, isText } from '../record.ts';
import type { Wrapping } from './wrapping.ts';

/** Filebeat's modules move what the sensor wrote to the names of the Elastic Common Schema: here it is moved back. */

const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((inside: unknown, key) => (isObject(inside) ? inside[key] : undefined), value);

/** What the record itself has counts; then what the module made of it. */
const either = (...values: readonly unknown[]): unknown => values.find(value => value !== undefined);

/** The module `suricata`: the record is in `suricata.eve`. */
export const elasticSuricata: Wrapping = {
  dialect: "Filebeat's module suricata",
  recognizes: ({ suricata }) => isText(at(suricata, 'eve', 'event_type')),
  unwrap(record) {
    const eve = at(record, 'suricata', 'eve');
    if (!isObject(eve)) return undefined;
    const { source, destination, network, url, dns } = record;
    const flow = eve.flow;
    return {
      ...eve,
      timestamp: either(eve.timestamp, record['@timestamp']),
      src_ip: either(eve.src_ip, at(source, 'address'), at(source, 'ip')),
      src_port: either(eve.src_port, at(source, 'port')),
      dest_ip: either(eve.dest_ip, at(destination, 'address'), at(destination, 'ip')),
      dest_port: either(eve.dest_port, at(destination, 'port')),
      proto: either(eve.proto, at(network, 'transport')),
      app_proto: either(eve.app_proto, eve.event_type === 'flow' ? at(network, 'protocol') : undefined),
      ...(isObject(flow) && {
        flow: {
          ...flow,
          start: either(flow.start, at(record, 'event', 'start')),
          end: either(flow.end, at(record, 'event', 'end')),
          bytes_toserver: either(flow.bytes_toserver, at(source, 'bytes')),
          bytes_toclient: either(flow.bytes_toclient, at(destination, 'bytes')),
          pkts_toserver: either(flow.pkts_toserver, at(source, 'packets')),
          pkts_toclient: either(flow.pkts_toclient, at(destination, 'packets')),
        },
      }),
      ...(isObject(eve.http) && {
        http: {
          ...eve.http,
          hostname: either(eve.http.hostname, at(url, 'domain')),
          url: either(eve.http.url, at(url, 'original'), at(url, 'path')),
          http_method: either(eve.http.http_method, at(record, 'http', 'request', 'method')),
        },
      }),
      ...(isObject(eve.dns) && {
        dns: {
          ...eve.dns,
          rrname: either(eve.dns.rrname, at(dns, 'question', 'name')),
          rrtype: either(eve.dns.rrtype, at(dns, 'question', 'type')),
        },
      }),
    };
  },
};

/** How the module `zeek` calls logs otherwise than Zeek. */
const logNames: ReadonlyMap<string, string> = new Map([
  ['connection', 'conn'],
  ['signature', 'signatures'],
]);

/** The module `zeek`: what is the log's own is in `zeek.connection`, `zeek.dns` …. */
export const elasticZeek: Wrapping = {
  dialect: "Filebeat's module zeek",
  recognizes: ({ zeek, event, source }) =>
    isObject(zeek) && isObject(source) && /^zeek\./.test(String(at(event, 'dataset') ?? '')),
  unwrap(record) {
    const { zeek, event, source, destination, network } = record;
    const dataset = String(at(event, 'dataset')).replace(/^zeek\./, '');
    const own = at(zeek, dataset);
    const body = isObject(own) ? own : {};
    const log = logNames.get(dataset) ?? dataset;
    const duration = Number(at(event, 'duration'));
    const common = {
      ...body,
      _path: log,
      ts: either(body.ts, record['@timestamp']),
      uid: at(zeek, 'session_id'),
      'id.orig_h': either(at(source, 'address'), at(source, 'ip')),
      'id.orig_p': at(source, 'port'),
      'id.resp_h': either(at(destination, 'address'), at(destination, 'ip')),
      'id.resp_p': at(destination, 'port'),
      proto: either(body.proto, at(network, 'transport')),
    };
    switch (log) {
      case 'conn':
        return {
          ...common,
          conn_state: either(body.conn_state, body.state),
          service: either(body.service, at(network, 'protocol')),
          // Nanoseconds.
          duration: Number.isNaN(duration) ? undefined : duration / 1e9,
          orig_ip_bytes: at(source, 'bytes'),
          orig_pkts: at(source, 'packets'),
          resp_ip_bytes: at(destination, 'bytes'),
          resp_pkts: at(destination, 'packets'),
        };
      case 'http':
        return {
          ...common,
          method: either(body.method, at(record, 'http', 'request', 'method')),
          host: either(body.host, at(record, 'url', 'domain')),
          uri: either(body.uri, at(record, 'url', 'original')),
          version: either(body.version, at(record, 'http', 'version')),
        };
      case 'dns':
        return { ...common, query: either(body.query, at(record, 'dns', 'question', 'name')) };
      case 'ssl':
        return {
          ...common,
          server_name: either(at(body, 'server', 'name'), body.server_name),
          validation_status: either(at(body, 'validation', 'status'), body.validation_status),
        };
      default:
        return common;
    }
  },
};
