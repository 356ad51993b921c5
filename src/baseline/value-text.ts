import type { Symbols } from '../kernel/symbols.ts';
import { NONE, type Row } from './row.ts';

/** A row's value as an analyst would write it down. */
export function valueText(row: Pick<Row, 'peer' | 'port' | 'transport' | 'name'>, symbols: Symbols): string {
  const transport = symbols.text(row.transport);
  const port = row.port === NONE ? transport : `${row.port}/${transport}`;
  if (row.peer !== NONE) return [symbols.addressText(row.peer), port].filter(Boolean).join(':');
  const name = symbols.text(row.name);
  return name && transport ? `${name}/${transport}` : name || port;
}
