import type { EventKind } from '../../event/event.ts';
import type { PlanColumn } from '../../kernel/plan.ts';
import { endpoint, from, number, symbol, text, time } from '../field.ts';
import type { AnyLog, Fields, Log } from '../log.ts';

/** A log of Zeek's: its `#path`, and a field that no other log has, for files that do not say what they are. */
export type ZeekLog = AnyLog & { readonly hallmark: string };

export const zeekLog = <Kind extends EventKind>(
  name: string,
  kind: Kind,
  hallmark: string,
  fields: Fields<Kind>,
): Log<Kind> & { readonly hallmark: string } => ({ name, title: `Zeek ${name}.log`, kind, hallmark, fields });

/** Zeek joins the names of nested records with dots; shippers nest them again, or write `_` (RockNSM, Corelight, SOF-ELK). */
export const dotted = (name: string): PlanColumn['paths'] => [[name], name.split('.'), [name.replaceAll('.', '_')]];

export const happening = { time: time('ts'), uid: text('uid') };

export const transport = symbol('proto');

/** In ICMP the "ports" are type and code, and port 0 of a transport that has none is not a port either. */
const port = (spelling: PlanColumn['paths']) =>
  from({ port: number(spelling), transport }, parts => (parts.transport === 'icmp' ? undefined : parts.port));

export const conversation = {
  ...happening,
  originator: endpoint(dotted('id.orig_h')),
  originatorPort: port(dotted('id.orig_p')),
  responder: endpoint(dotted('id.resp_h')),
  responderPort: port(dotted('id.resp_p')),
  transport,
};
