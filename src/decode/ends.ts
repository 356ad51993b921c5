import { type Field, few, from } from './field.ts';

/** Who is at the two ends of a conversation, as columns have it. */
interface Ends<Address, Port> {
  readonly originator: Field<Address>;
  readonly originatorPort: Field<Port>;
  readonly responder: Field<Address>;
  readonly responderPort: Field<Port>;
}

/** The ends the other way round where a record's source is not the end that opened the conversation. */
export const turnedIf = <Address, Port>(
  isTurned: Field<boolean | undefined>,
  { originator, originatorPort, responder, responderPort }: Ends<Address, Port>,
): Ends<Address, Port> => ({
  originator: either(isTurned, responder, originator),
  originatorPort: either(isTurned, responderPort, originatorPort),
  responder: either(isTurned, originator, responder),
  responderPort: few(either(isTurned, originatorPort, responderPort)),
});

export const either = <Value>(
  condition: Field<boolean | undefined>,
  whenTrue: Field<Value>,
  whenFalse: Field<Value>,
): Field<Value> =>
  from({ condition, whenTrue, whenFalse }, parts => (parts.condition ? parts.whenTrue : parts.whenFalse), {
    tellers: ['whenTrue', 'whenFalse'],
  });
