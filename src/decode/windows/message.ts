/**
 * The text in which Windows shows an event to people: a title, and a line for each thing that it says. What an export
 * leaves out elsewhere can be read there, where Windows speaks English. A command line may hold line ends, and write what
 * it likes behind them: so what comes first counts.
 */
export function messageFields(message: string): ReadonlyMap<string, string> {
  const [, ...lines] = message.split(/\r?\n/);
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !fields.has(name)) fields.set(name, value);
  }
  return fields;
}
