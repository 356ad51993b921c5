import type { EventKind } from '../../event/event.ts';
import type { PlanColumn } from '../../kernel/plan.ts';
import { code, endpoint, type Field, from, rareNumber, symbol, text, time } from '../field.ts';
import type { AnyLog, Fields, Log } from '../log.ts';
import { realPort } from '../transport.ts';

/** A log of Zeek's: its `#path`, and for files that do not say what they are a field by which it is known. */
export type ZeekLog = AnyLog & Hallmark;

interface Hallmark extends Pick<AnyLog, 'port'> {
  readonly hallmark: string;
  /** Fields of other logs that share the hallmark. */
  readonly foreign?: string | undefined;
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

/** In ICMP the "ports" are type and code. */
export const portUnlessIcmp = (port: Field<number | undefined>) =>
  from({ port: realPort(port), transport }, ({ port, transport }) => (transport === 'icmp' ? undefined : port));

export const conversation = {
  ...happening,
  originator: endpoint(dotted('id.orig_h')),
  originatorPort: portUnlessIcmp(rareNumber(dotted('id.orig_p'))),
  responder: endpoint(dotted('id.resp_h')),
  responderPort: portUnlessIcmp(code(dotted('id.resp_p'))),
  transport,
};
