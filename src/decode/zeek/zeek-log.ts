import type { EventKind } from '../../event/event.ts';
import type { PlanColumn } from '../../kernel/plan.ts';
import { endpoint, from, number, symbol, text, time } from '../field.ts';
import type { AnyLog, Fields, Log } from '../log.ts';

/** A log of Zeek's: its `#path`, and for files that do not say what they are a field by which it is known. */
export type ZeekLog = AnyLog & Hallmark;

interface Hallmark {
  readonly hallmark: string;
  /** Fields of other logs that share the hallmark. */
  readonly foreign?: string;
}

export const zeekLog = <Kind extends EventKind>(
  name: string,
  kind: Kind,
  marks: Hallmark,
  fields: Fields<Kind>,
): Log<Kind> & Hallmark => ({ name, title: `Zeek ${name}.log`, kind, ...marks, fields });

/** Zeek joins the names of nested records with dots; shippers nest them again, or write `_` (RockNSM, Corelight, SOF-ELK). */
export const dotted = (name: string): PlanColumn['paths'] => [[name], name.split('.'), [name.replaceAll('.', '_')]];

export const happening = { time: time('ts'), uid: text('uid') };

export const transport = symbol('proto');

/** In ICMP the "ports" are type and code, and port 0 of a transport that has none is not a port either. */
const port = (spelling: PlanColumn['paths']) =>
  from({ port: number(spelling), transport }, parts =>
    parts.transport === 'icmp' || parts.port === 0 ? undefined : parts.port,
  );

export const conversation = {
  ...happening,
  originator: endpoint(dotted('id.orig_h')),
  originatorPort: port(dotted('id.orig_p')),
  responder: endpoint(dotted('id.resp_h')),
  responderPort: port(dotted('id.resp_p')),
  transport,
};
