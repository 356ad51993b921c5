/**
 * The text in which Windows shows an event to people: a title, and a line for each thing that it says. What an export
 * leaves out elsewhere can be read there, where Windows speaks English.
 */
export function messageFields(message: string): ReadonlyMap<string, string> {
  const [, ...lines] = message.split(/\r?\n/);
  return new Map(
    lines.flatMap(line => {
      const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
