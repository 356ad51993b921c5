import type { Call } from '../event/call.ts';
import type { Certificate } from '../event/certificate.ts';
import type { Dns } from '../event/dns.ts';
import type { EventKind, EventOf, FieldOf } from '../event/event.ts';
import type { Flow } from '../event/flow.ts';
import type { Http } from '../event/http.ts';
import type { Mail } from '../event/mail.ts';
import type { ProcessConnect, ProcessDns, ProcessStart } from '../event/process.ts';
import type { Session } from '../event/session.ts';
import type { Tls } from '../event/tls.ts';
import type { Address } from '../value/address.ts';
import { registeredDomain } from '../value/domain.ts';
import { madeAt } from '../value/made-at.ts';
import { shortened } from '../value/text.ts';
import type { Locality } from './locality.ts';
import { NONE, type Row } from './row.ts';

/** One sighting of a trait's value at an entity. It is made for every event: written out, because spreading is slow. */
export interface Sight {
  readonly entity: Address;
  readonly peer?: Address;
  readonly port?: number | undefined;
  readonly transport?: string | undefined;
  readonly name?: string | undefined;
}

/** What a baseline remembers of an entity, and which events show it. */
interface TraitDefinition<Kind extends EventKind = EventKind> {
  readonly kinds: readonly Kind[];
  /** Fields that a log must have, because their absence from a record means something. */
  readonly needs: readonly string[];
  sight(event: EventOf<Kind>, locality: Locality): Sight | undefined;
  /** Whose word it is, where it is not that of the events' own witness. */
  readonly witness?: Witness | undefined;
}

const trait = <const Kind extends EventKind>(
  kinds: readonly Kind[],
  sight: TraitDefinition<Kind>['sight'],
  needs: readonly FieldOf<Kind>[] = [],
  witness?: Witness,
): TraitDefinition => ({ kinds, sight, needs, witness }) as TraitDefinition;

/** A line each. A row's `trait` is the place in this table. */
const definitions = {
  /** A peer, port and transport that a host speaks to and that answers. */
  talker: trait(['flow'], talker),
  /** What a host speaks there as the flow's record has it; without a name where no protocol was recognised. */
  service: trait(['flow'], service, ['services']),
  /** What a host speaks there as the protocol's own log has it, even where the flow's record has nothing. */
  spoken: trait(['dns', 'http', 'tls', 'mail', 'call', 'session'], spoken),
  /** A port on which a host answers. */
  listener: trait(['flow'], listener),
  /** What comes to a host from outside, by port: counted, never whose it was. */
  inbound: trait(['flow'], inbound),
  /** What is spoken to a host from outside, as the flow's record has it; without a name where nothing was recognised. */
  served: trait(['flow'], served, ['services']),
  /** A registered domain that a host looks up or asks for. */
  domain: trait(['dns', 'http', 'tls'], domain),
  /** By what name the programs of a host call themselves, without their versions. */
  agent: trait(['http'], agent, ['userAgent']),
  /** How the TLS clients of a host greet. */
  fingerprint: trait(['tls'], fingerprint, ['fingerprint']),
  /** Who vouches for the servers of a registered domain, as a host is shown it. */
  issuer: trait(['tls'], issuer, ['issuer']),
  /** Which certificate a server showed, where another log has what is in it. */
  shown: trait(['tls'], shown, ['shown']),
  /** What is in a certificate. */
  issued: trait(['certificate'], event => ({ entity: event.certificate, name: factsText(event) })),
  /** Whether a host shook hands with the servers of a registered domain in full, or went on with a session of before. */
  handshake: trait(['tls'], handshake, ['isResumed']),
  /** How much a host sends out in one flow, in powers of two, from 8 MiB on. */
  upload: trait(['flow'], upload),
  /** How well a sensor sees the TCP conversations of a host. */
  quality: trait(['flow'], quality, ['quality']),
  /** Who leases a host its address. */
  leased: trait(['lease'], ({ address, server }) =>
    address === undefined || server === undefined ? undefined : { entity: address, peer: server },
  ),
  /** An image that uses the network on a machine that Sysmon watches. */
  process: trait(['process-connect'], process),
  /** A port that an image calls there, and one on which it answers. */
  reach: trait(['process-connect'], reach),
  answering: trait(['process-connect'], answering),
  /** A registered domain that an image asks for there. */
  asked: trait(['process-dns'], asked),
  /** A program that a person lets use the network, on whichever machine: an entity of its own. */
  runs: trait(['process-connect'], runs, [], 'account'),
  /** Which process began and which ended, and from which command line: for a while, until it is known what it did. */
  started: trait(['process-start'], started),
  ended: trait(['process-end'], ({ host, processGuid, processId }) => ({
    entity: host,
    name: JSON.stringify([processGuid ?? null, processId ?? null]),
  })),
  /** Which process opened the flows of a host to a port of a peer, and which accepted those that came to a port: by `correlate/attribution.ts`. */
  opened: trait([], () => undefined),
  accepted: trait([], () => undefined),
  /** Whom a process called, by the endpoint's own word, whether a sensor saw it or not. */
  contacted: trait([], () => undefined),
  /** The same where another program had asked for the name. */
  borrowed: trait([], () => undefined),
  /** Whom a host asks for pages as browsers do. */
  browses: trait(['http'], browses, ['userAgent']),
  /** An address that such a machine, known by its name, opens connections from. */
  address: trait(['process-connect'], address),
  /** The hardware that has an address: where it is another one, the address has changed hands. */
  holder: trait(['lease'], ({ address, hardware }) =>
    address === undefined || hardware === undefined
      ? undefined
      : { entity: address, name: hardware.toLowerCase().replaceAll('-', ':') },
  ),
  /** By which name the machine that has an address calls itself. */
  named: trait(['lease'], ({ address, machine }) =>
    address === undefined || machine === undefined ? undefined : { entity: address, name: machine },
  ),
};

export type Trait = keyof typeof definitions;

/** By the number that rows carry. */
export const traits = Object.keys(definitions) as readonly Trait[];

/**
 * Whose clock a time is from. Network sensors share one; each kind of Sysmon event has its own, because connections can
 * be dated days off while process starts in the same file are right. Times of two witnesses are never compared.
 */
export type Witness = 'sensor' | 'certificate' | 'joined' | 'account' | Extract<EventKind, `process-${string}`>;

export function witnessOf(kind: EventKind): Witness {
  switch (kind) {
    case 'flow':
    case 'dns':
    case 'http':
    case 'tls':
    case 'weird':
    case 'mail':
    case 'call':
    case 'session':
    case 'violation':
    case 'tunnel':
    case 'arp':
    case 'capture':
    case 'lease':
    case 'mention':
      return 'sensor';
    // Certificates are no hosts.
    case 'certificate':
    case 'process-start':
    case 'process-end':
    case 'process-connect':
    case 'process-dns':
      return kind;
  }
}

export const kindsOf = (trait: Trait): readonly EventKind[] => definitions[trait].kinds;

/** The fields without which nothing of a trait is learnt. */
export const needsOfTrait = (trait: Trait): readonly string[] => definitions[trait].needs;

/** Whose word a trait is learnt from. */
export function witnessOfTrait(trait: Trait): Witness {
  const {
    witness,
    kinds: [kind],
  } = definitions[trait];
  if (witness) return witness;
  return kind === undefined ? 'joined' : witnessOf(kind);
}

/** Knocking that nobody answered says nothing of whom it was for: not even that there is such a host. */
export const isOwnDoing = ({ trait, port }: Pick<Row, 'trait' | 'port'>): boolean =>
  traits[trait] !== 'inbound' || port !== NONE;

/** What is never forgotten, however long ago it was seen: which images use the network, and which machine has which address. */
export const lastingTraits: readonly Trait[] = ['process', 'address', 'holder', 'named'];

/** What an event of a kind can teach. */
export const traitsOf = (kind: EventKind): readonly (TraitDefinition & { readonly id: number })[] =>
  Object.values(definitions).flatMap((definition, id) =>
    definition.kinds.includes(kind) ? [{ ...definition, id }] : [],
  );

function talker(flow: Flow, locality: Locality): Sight | undefined {
  if (!flow.answered || !locality.isOriginatorLocal(flow)) return undefined;
  return {
    entity: flow.originator,
    peer: flow.responder,
    port: flow.responderPort,
    transport: flow.transport,
  };
}

/** Nearly always there is one or none. */
const namesOf = (services: readonly string[]): string =>
  services.length > 1 ? services.join(',') : (services[0] ?? '');

/** Where nothing was recognised, only payload in both directions, from the beginning, is something that could have been. */
const isTelling = ({ services, originatorSpoke, responderSpoke, opening }: Flow): boolean =>
  services.length > 0 || (originatorSpoke && responderSpoke && opening !== 'midstream');

function service(flow: Flow, locality: Locality): Sight | undefined {
  if (!isTelling(flow) || !locality.isOriginatorLocal(flow)) return undefined;
  return {
    entity: flow.originator,
    peer: flow.responder,
    port: flow.responderPort,
    transport: flow.transport,
    name: namesOf(flow.services),
  };
}

function spoken(event: Speech, locality: Locality): Sight | undefined {
  const name = protocolOf(event);
  if (name === undefined || locality.isInbound(event.originator, event.responder)) return undefined;
  return {
    entity: event.originator,
    peer: event.responder,
    port: event.responderPort,
    transport: event.transport,
    name,
  };
}

function protocolOf(event: Speech): string | undefined {
  if ('service' in event) return event.service;
  return event.kind === 'tls' && event.transport === 'udp' ? 'dtls' : event.kind;
}

type Speech = Dns | Http | Tls | Mail | Call | Session;

/** From here on ports are handed out for a moment (RFC 6335): to answer on one is a habit, on which one is chance. */
const DYNAMIC_PORTS = 49152;

function listener(flow: Flow, locality: Locality): Sight | undefined {
  const { responder, responderPort: port, transport, answered } = flow;
  if (!answered || port === undefined || !locality.isResponderLocal(flow)) return undefined;
  return port < DYNAMIC_PORTS
    ? { entity: responder, port, transport }
    : { entity: responder, name: 'a dynamic port', transport };
}

/** Unanswered knocking (scans of every port of every host) is counted together, so that it cannot fill the baseline. */
function inbound(flow: Flow, locality: Locality): Sight | undefined {
  if (!isFromOutside(flow, locality)) return undefined;
  if (!flow.answered) return { entity: flow.responder };
  return { entity: flow.responder, port: flow.responderPort, transport: flow.transport };
}

function served(flow: Flow, locality: Locality): Sight | undefined {
  if (!isFromOutside(flow, locality) || !flow.answered || !isTelling(flow)) return undefined;
  return {
    entity: flow.responder,
    port: flow.responderPort,
    transport: flow.transport,
    name: namesOf(flow.services),
  };
}

/** ICMP from outside is mostly errors about what our own hosts began. */
const isFromOutside = (flow: Flow, locality: Locality): boolean =>
  !locality.isOriginatorLocal(flow) && locality.isResponderLocal(flow) && flow.transport !== 'icmp';

/** Names that stay on the link (mDNS, LLMNR, NetBIOS) say nothing about domains. */
const linkLocalPorts: ReadonlySet<number | undefined> = new Set([5353, 5355, 137]);

function domain(event: Dns | Http | Tls, locality: Locality): Sight | undefined {
  if (locality.isInbound(event.originator, event.responder) || linkLocalPorts.has(event.responderPort))
    return undefined;
  const name = nameIn(event);
  const registered = name === undefined ? undefined : registeredDomain(name);
  return registered === undefined ? undefined : { entity: event.originator, name: registered };
}

function nameIn(event: Dns | Http | Tls): string | undefined {
  switch (event.kind) {
    case 'dns':
      return event.query;
    case 'http':
      return event.host?.replace(/:\d*$/, '');
    case 'tls':
      return event.serverName;
  }
}

/** `Mozilla/5.0 (… Chrome/120.0)` and `… Chrome/121.0` are one program: digits go. */
function agent({ originator, responder, userAgent }: Http, locality: Locality): Sight | undefined {
  if (!userAgent || locality.isInbound(originator, responder)) return undefined;
  const name = madeAt(agents, userAgent, () => userAgent.replace(/\d+([._]\d+)*/g, 'N'), MOST_NAMES);
  return { entity: originator, name };
}

/** As browsers call themselves; not what only begins like them (`Mozilla/5.0 … WindowsPowerShell`). */
const BROWSER = /^Mozilla\/\d.*\b(?:Chrome|CriOS|Firefox|FxiOS|Safari|Edge?|Edg|OPR|MSIE|Trident)\b/;
const areBrowsers = new Map<string, boolean>();

function browses(event: Http, locality: Locality): Sight | undefined {
  const { originator, responder, responderPort: port, transport, userAgent } = event;
  if (!userAgent || locality.isInbound(originator, responder)) return undefined;
  if (!madeAt(areBrowsers, userAgent, () => BROWSER.test(userAgent), MOST_NAMES)) return undefined;
  return { entity: originator, peer: responder, port, transport };
}

function fingerprint({ originator, responder, fingerprint }: Tls, locality: Locality): Sight | undefined {
  if (!fingerprint || locality.isInbound(originator, responder)) return undefined;
  return { entity: originator, name: fingerprint };
}

/** Where the handshake's log does not say who vouches, it says by which certificate that is to be found. */
function issuer({ originator, responder, serverName, issuer, shown }: Tls, locality: Locality): Sight | undefined {
  const who = issuer ?? (shown && `${BY_CERTIFICATE}${firstIn(shown)}`);
  if (!who || !serverName || locality.isInbound(originator, responder)) return undefined;
  const domain = registeredDomain(serverName);
  return domain === undefined ? undefined : { entity: originator, name: pairText(domain, who) };
}

export const BY_CERTIFICATE = '#';

/** Of a chain the server's own. */
const firstIn = (chain: string): string => chain.split(',', 1)[0] ?? chain;

function shown(event: Tls, locality: Locality): Sight | undefined {
  const { originator, responder, responderPort: port, transport, certificate, shown } = event;
  if (!shown || locality.isInbound(originator, responder)) return undefined;
  const name = pairText(certificate === undefined ? UNJUDGED : JUDGED, firstIn(shown));
  return { entity: originator, peer: responder, port, transport, name };
}

/** Whether the sensor itself has said what it thinks of it. */
export const JUDGED = 'judged';
const UNJUDGED = 'shown';

const factsText = ({ subject, issuer, notBefore, notAfter }: Certificate): string =>
  JSON.stringify([subject ?? null, issuer ?? null, notBefore ?? null, notAfter ?? null]);

function handshake({ originator, responder, serverName, isResumed }: Tls, locality: Locality): Sight | undefined {
  if (isResumed === undefined || !serverName || locality.isInbound(originator, responder)) return undefined;
  const domain = registeredDomain(serverName);
  if (domain === undefined) return undefined;
  const [names, how] = isResumed ? [resumed, RESUMED] : [inFull, FULL];
  return { entity: originator, name: madeAt(names, domain, () => pairText(domain, how), MOST_NAMES / 2) };
}

/** A text that was made before is found faster. */
const agents = new Map<string, string>();
const inFull = new Map<string, string>();
const resumed = new Map<string, string>();
const MOST_NAMES = 50_000;

export const RESUMED = 'resumed';
export const FULL = 'in full';

/** Two texts as one name, and again as two. */
const pairText = (one: string, other: string): string => `${one} | ${other}`;

export function partsOf(name: string): readonly [string, string] {
  const at = name.indexOf(' | ');
  return [name.slice(0, at), name.slice(at + 3)];
}

function upload(flow: Flow, locality: Locality): Sight | undefined {
  const { originator, uploaded } = flow;
  if (uploaded === 0 || !locality.isOriginatorLocal(flow) || locality.isResponderLocal(flow)) return undefined;
  return { entity: originator, name: `${2 ** uploaded / 2 ** 20} MiB` };
}

/** Of two hosts of ours the one that began: what a sensor misses of one it misses of the other. */
function quality(flow: Flow, locality: Locality): Sight | undefined {
  const { originator, responder, quality, sensor } = flow;
  if (quality === undefined) return undefined;
  const entity = locality.isOriginatorLocal(flow) ? originator : responder;
  return { entity, name: pairText(sensor, quality) };
}

function process(event: ProcessConnect, locality: Locality): Sight | undefined {
  if (event.image === undefined || locality.isLoopback(event.responder)) return undefined;
  return { entity: event.host, name: event.image };
}

function reach(event: ProcessConnect, locality: Locality): Sight | undefined {
  const { host, image, initiated, responder, responderPort: port, transport } = event;
  if (image === undefined || initiated !== true || port === undefined || locality.isLoopback(responder))
    return undefined;
  // A server that opened the second connection of a protocol chose the port for the moment.
  if (port >= DYNAMIC_PORTS) return { entity: host, name: image, transport };
  return { entity: host, name: image, port, transport };
}

function answering(event: ProcessConnect, locality: Locality): Sight | undefined {
  const { host, image, initiated, originator, responderPort: port, transport } = event;
  if (image === undefined || initiated !== false || port === undefined || locality.isLoopback(originator))
    return undefined;
  if (port >= DYNAMIC_PORTS) return { entity: host, name: image, transport };
  return { entity: host, name: image, port, transport };
}

function asked({ host, image, query }: ProcessDns): Sight | undefined {
  const domain = query === undefined ? undefined : registeredDomain(query);
  return image === undefined || domain === undefined ? undefined : { entity: host, name: pairText(image, domain) };
}

/** Whom the machine itself runs its services as (Windows, Linux): nobody's habits. */
const NOBODY =
  /^(?:NT[ -]|Window Manager|Font Driver Host|IIS APPPOOL)|\$$|^(?:_.*|root|daemon|nobody|bin|sys|adm|lp|mail|news|proxy|backup|sshd|ntp|chrony|dbus|messagebus|avahi|syslog|postfix|mysql|postgres|redis|nginx|apache|www-data|systemd-.*)$/i;

function runs({ account, user, image, responder }: ProcessConnect, locality: Locality): Sight | undefined {
  if (account === undefined || user === undefined || image === undefined) return undefined;
  if (NOBODY.test(user) || locality.isLoopback(responder)) return undefined;
  return { entity: account, name: image };
}

/** So much of a command line is kept: Windows allows 32,767 characters of each, and strangers start processes by the thousand. */
const LONGEST_COMMAND = 2_000;
const LONGEST_OF_PARENT = 500;

const cutTo = (line: string | undefined, most: number): string | null =>
  line === undefined ? null : shortened(line, most);

function started(event: ProcessStart): Sight {
  const { host, processGuid, processId, image, commandLine, user, hashes } = event;
  const { parentGuid, parentId, parentImage, parentCommandLine } = event;
  const parent = [
    parentGuid ?? null,
    parentId ?? null,
    parentImage ?? null,
    cutTo(parentCommandLine, LONGEST_OF_PARENT),
  ];
  const self = [processGuid ?? null, processId ?? null, image ?? null, cutTo(commandLine, LONGEST_COMMAND)];
  return { entity: host, name: JSON.stringify([...self, user ?? null, hashes ?? null, ...parent]) };
}

function address(event: ProcessConnect, locality: Locality): Sight | undefined {
  if (event.initiated !== true || locality.isLoopback(event.originator)) return undefined;
  return { entity: event.host, peer: event.originator };
}
