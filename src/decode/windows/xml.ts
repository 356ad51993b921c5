/** An event as one flat object, as Export-WinEvents and NXLog write it. */
export type FlatEvent = Readonly<Record<string, string>>;

/** Windows limits events to 64 KiB of UTF-16; more than that is none. */
const LONGEST_EVENT = 1 << 18;
/** As far as what all events have can reach. */
const LONGEST_SYSTEM = 1 << 13;

export const EVENT_END = '</Event>';

/** Where the next `<Event …>` begins, from a place on; negative where there is none. `<EventID>` is another element. */
export function eventStart(text: string, from: number): number {
  let start = text.indexOf('<Event', from);
  while (start >= 0 && !/[\s>]/.test(text[start + '<Event'.length] ?? ' ')) start = text.indexOf('<Event', start + 1);
  return start;
}

/** The event that stands in a line among other text. */
export function flatEventIn(line: string): FlatEvent | undefined {
  const start = eventStart(line, 0);
  const end = line.indexOf(EVENT_END, start);
  // Syslog cuts long lines: what came before the cut says most of it.
  return start < 0 ? undefined : flatEvent(end < 0 ? line.slice(start) : line.slice(start, end + EVENT_END.length));
}

/**
 * A Windows event in XML (the schema win/2004/08/events/event), whoever rendered it: wevtutil, python-evtx, Splunk with its
 * single quotes, Sysmon for Linux. Undefined for what has no number.
 */
export function flatEvent(xml: string): FlatEvent | undefined {
  if (xml.length > LONGEST_EVENT) return undefined;
  const head = xml.slice(0, LONGEST_SYSTEM);
  const id = textIn(head, 'EventID');
  if (id === undefined) return undefined;
  const system = {
    EventID: id,
    ProviderName: attributeIn(head, 'Provider', 'Name'),
    Channel: textIn(head, 'Channel'),
    Hostname: textIn(head, 'Computer'),
    SystemTime: attributeIn(head, 'TimeCreated', 'SystemTime'),
  };
  return { ...dataIn(xml), ...present(system) };
}

/** What the event itself says. */
export function dataIn(xml: string): FlatEvent {
  const pairs = [...xml.matchAll(/<Data Name=(?:"([^"]*)"|'([^']*)')\s*(?:\/>|>([^<]*)<\/Data>)/g)];
  return Object.fromEntries(
    pairs.map(([, double, single, value = '']) => [plain(double ?? single ?? ''), plain(value)]),
  );
}

function textIn(xml: string, element: string): string | undefined {
  const [, text] = new RegExp(`<${element}(?:\\s[^<>]*)?>([^<]*)</${element}>`).exec(xml) ?? [];
  return text === undefined ? undefined : plain(text).trim();
}

function attributeIn(xml: string, element: string, name: string): string | undefined {
  const [, double, single] = new RegExp(`<${element}\\s[^<>]*?\\b${name}=(?:"([^"]*)"|'([^']*)')`).exec(xml) ?? [];
  const value = double ?? single;
  return value === undefined ? undefined : plain(value);
}

const present = (values: Readonly<Record<string, string | undefined>>): FlatEvent =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** A text without its entities; what is none stays as it is. */
const plain = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hexadecimal, decimal, name) => {
        if (name !== undefined) return entities.get(name) ?? whole;
        const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      })
    : text;
