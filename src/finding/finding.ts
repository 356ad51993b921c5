import type { Level } from '../value/level.ts';

/**
 * What is printed: the Elastic Common Schema (version 9) where it has a field, one `oddtalk` object for the rest, and
 * Timesketch's three. What is unknown is absent. `finding.schema.json` says the same to machines.
 */
export interface Finding {
  readonly '@timestamp': string;
  readonly datetime: string;
  readonly timestamp_desc: 'First Seen';
  readonly message: string;
  readonly event: {
    /** UUIDv5 of rule, entity and key: the same finding of a later run has the same id. */
    readonly id: string;
    readonly kind: 'alert';
    readonly category: readonly ('network' | 'process')[];
    readonly type: readonly ['info'];
    readonly action: string;
    /** 1 informational to 5 critical. */
    readonly severity: number;
    /** 0 to 100. */
    readonly risk_score: number;
    readonly start: string;
    readonly end: string;
    readonly created?: string;
    readonly reason: string;
    readonly module: 'oddtalk';
    readonly dataset: 'oddtalk.finding';
  };
  readonly rule: {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly category: string;
  };
  readonly threat?: {
    readonly framework: 'MITRE ATT&CK';
    readonly technique: { readonly id: readonly string[] };
  };
  readonly host?: { readonly ip?: readonly string[]; readonly name?: string };
  readonly source?: { readonly ip: string };
  readonly destination?: { readonly ip: string; readonly port?: number };
  readonly network?: {
    readonly transport?: string;
    readonly direction?: Direction;
  };
  /** The one that opened most of the flows that it is about, or accepted them. */
  readonly process?: FoundProcess;
  readonly user?: { readonly name: string; readonly domain?: string };
  readonly oddtalk: {
    readonly schema: '1.0';
    readonly kind: 'protocol_anomaly' | 'first_seen' | 'process_anomaly';
    readonly level: Level;
    /** How sure, from 0 to 1. */
    readonly confidence: number;
    /** How many lines or events it stands for. */
    readonly count: number;
    readonly scope: Scope;
    /** Of a finding that was told before: its level has risen, its day is over and the list whole, or it does not stand any more. */
    readonly status?: 'raised' | 'grown' | 'withdrawn';
    /** The suppression that covers it, where suppressed findings are shown. */
    readonly suppressed?: { readonly place: string; readonly reason: string; readonly author?: string };
    readonly key: Readonly<Record<string, string | number>>;
    readonly analytics: readonly string[];
    readonly baseline?: {
      readonly known_since?: string;
      readonly first_seen?: string;
      readonly chance?: number;
      readonly prevalence: { readonly hosts: number; readonly of: number };
    };
    /** What the host is for, by the list of assets. */
    readonly asset?: { readonly role?: string; readonly owner?: string; readonly tags?: readonly string[] };
    /** How it is known whose the flows were, and how sure that is, from 0 to 1. */
    readonly attribution?: FoundAttribution;
    /** All processes that opened or accepted flows that it is about, by how many. */
    readonly processes?: readonly CountedProcess[];
    /** The findings that belong together have the same. */
    readonly incident?: string;
    readonly hosts?: readonly string[];
    readonly peers?: readonly string[];
    readonly novelties?: readonly string[];
    /** What makes up the score; the parts add up to a hundredth of it. */
    readonly score: readonly ScorePart[];
    readonly evidence: readonly EvidenceLine[];
    readonly evidence_total: number;
  };
}

/** As ECS has it; what is unknown is absent. */
export interface FoundProcess extends NamedProcess {
  readonly start?: string;
  readonly hash?: Readonly<Record<string, string>>;
  readonly parent?: NamedProcess;
}

interface NamedProcess {
  readonly executable?: string;
  readonly name?: string;
  readonly pid?: number;
  readonly entity_id?: string;
  /** Cut in the middle where it is longer than 1,000 characters. */
  readonly command_line?: string;
}

interface FoundAttribution {
  readonly method: '5-tuple' | 'dns-answer' | 'dns-query' | 'endpoint';
  readonly confidence: number;
  /** By how many seconds the endpoint's clock is ahead of the sensor's. */
  readonly clock_offset_s?: number;
}

export interface CountedProcess extends NamedProcess, FoundAttribution {
  /** The machine, as it calls itself. */
  readonly host?: string;
  readonly side: 'opened' | 'accepted';
  /** Of an accepting process all that came to the port. */
  readonly flows: number;
  /** The endpoint's first word about a call of the peer, to check it against. */
  readonly event?: { readonly source: string; readonly line: number };
  readonly user?: string;
  /** Where the command line hides something in base64. */
  readonly decoded?: string;
  /** The process that started it first, then that one's. */
  readonly ancestors?: readonly NamedProcess[];
}

export type Direction = 'outbound' | 'inbound' | 'internal' | 'external';

/** Whom a finding is about: two parties, a server and everybody who uses it, a host and everything it uses, or the network. */
export type Scope = 'pair' | 'server' | 'host' | 'network';

export interface ScorePart {
  readonly because: string;
  readonly adds: number;
}

/** The way back to a raw line. */
interface EvidenceLine {
  readonly log: string;
  readonly uid?: string;
  readonly ts: string;
  readonly source: string;
  readonly line: number;
}
