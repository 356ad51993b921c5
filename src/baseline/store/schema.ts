/**
 * The tables of a baseline, a step for each version: a file of an earlier one is brought forward step by step. Those whose
 * names are plural are for people: addresses and times as texts. Times are microseconds since 1970; an address that is not
 * negative is IPv4, -1 is none, and what is less is a name (IPv6, a machine that is known by its name).
 */
export const steps: readonly string[] = [
  `
  CREATE TABLE state (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE traits (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

  -- What an earlier run has read of a file: up to where, and by what it is known again.
  CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    device INTEGER, inode INTEGER, size INTEGER,
    offset INTEGER NOT NULL DEFAULT 0,
    lines INTEGER NOT NULL DEFAULT 0,
    closing TEXT,
    head_length INTEGER, head_hash TEXT,
    tail_length INTEGER, tail_hash TEXT,
    whole TEXT,
    modified INTEGER,
    waiting INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE segments (
    id INTEGER PRIMARY KEY,
    writer TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    UNIQUE (writer, sequence)
  ) STRICT;

  -- What each host showed. The day of the last sighting is bit 0 of \`days\`, the one before it bit 1, and so on.
  CREATE TABLE sighting (
    trait INTEGER NOT NULL,
    host INTEGER NOT NULL,
    peer INTEGER NOT NULL,
    port INTEGER NOT NULL,
    transport INTEGER NOT NULL,
    name INTEGER NOT NULL,
    first INTEGER NOT NULL,
    lasted INTEGER NOT NULL,
    sightings INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    days INTEGER NOT NULL,
    marks INTEGER NOT NULL,
    source INTEGER NOT NULL,
    log INTEGER NOT NULL,
    line INTEGER NOT NULL,
    uid TEXT,
    segment INTEGER NOT NULL,
    PRIMARY KEY (trait, host, peer, port, transport, name)
  ) STRICT, WITHOUT ROWID;

  -- Since when hosts are known whose first sightings have been forgotten.
  CREATE TABLE known (
    witness TEXT NOT NULL,
    host INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (witness, host)
  ) STRICT, WITHOUT ROWID;

  -- When the events of each kind happened, and which hosts a sensor calls its own or not.
  CREATE TABLE spans (kind TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE ours (host INTEGER PRIMARY KEY, is_ours INTEGER NOT NULL) STRICT;

  -- What rules saw in single events; \`lines\` are the first ten, by source, log, line, time and uid.
  CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    rule TEXT NOT NULL,
    originator INTEGER, responder INTEGER, port INTEGER, transport TEXT,
    sign TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    count INTEGER NOT NULL,
    marks INTEGER,
    lines TEXT NOT NULL
  ) STRICT;

  -- What has been told, and what became of it.
  CREATE TABLE findings (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('printed', 'learnt', 'withdrawn')),
    rule TEXT NOT NULL,
    level TEXT NOT NULL,
    score REAL NOT NULL,
    message TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    count INTEGER NOT NULL,
    finding TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- What somebody who looked at a finding said of it.
  CREATE TABLE triage (
    id TEXT PRIMARY KEY,
    verdict TEXT NOT NULL CHECK (verdict IN ('benign', 'confirmed')),
    reason TEXT NOT NULL,
    author TEXT,
    at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE VIEW sightings AS
  SELECT
    traits.name AS trait,
    ${addressText('host')} AS host,
    ${addressText('peer')} AS peer,
    nullif(port, -1) AS port,
    transports.name AS transport,
    values_.name AS name,
    ${timeText('first')} AS first,
    ${timeText('first + lasted')} AS last,
    sightings,
    bytes,
    sources.path AS source,
    line,
    uid
  FROM sighting
  JOIN traits ON traits.id = trait
  LEFT JOIN names AS transports ON transports.id = transport
  LEFT JOIN names AS values_ ON values_.id = sighting.name
  LEFT JOIN sources ON sources.id = source;

  ${hostsView()}
  `,
  `
  -- Of evidence that counts in numbers: which different things there were (src/value/distinct.ts).
  ALTER TABLE evidence ADD COLUMN items TEXT;

  -- Certificates are no hosts.
  DROP VIEW hosts;
  ${hostsView("JOIN traits ON traits.id = trait WHERE traits.name <> 'issued'")}
  `,
  `
  -- What endpoints and sensors met, and what is joined with what a later run may read: \`met\` is how far the logs reached by then.
  CREATE TABLE encounter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    side INTEGER NOT NULL,
    time INTEGER NOT NULL,
    originator INTEGER NOT NULL, originator_port INTEGER NOT NULL,
    responder INTEGER NOT NULL, responder_port INTEGER NOT NULL,
    transport INTEGER NOT NULL,
    who INTEGER NOT NULL,
    log INTEGER NOT NULL,
    source INTEGER NOT NULL,
    line INTEGER NOT NULL,
    met INTEGER NOT NULL,
    learnt INTEGER NOT NULL
  ) STRICT;

  -- Which processes opened and accepted a flow, by the fingerprint of its identifier (src/value/fingerprint.ts).
  CREATE TABLE flow_owner (
    flow INTEGER PRIMARY KEY,
    opened INTEGER, accepted INTEGER,
    time INTEGER NOT NULL
  ) STRICT;

  -- People are no hosts either.
  DROP VIEW hosts;
  ${hostsView("JOIN traits ON traits.id = trait WHERE traits.name NOT IN ('issued', 'runs')")}
  `,
];

/** Every host, with how much is known of it. */
function hostsView(which = ''): string {
  return `CREATE VIEW hosts AS
    SELECT ${addressText('host')} AS host, ${timeText('min(first)')} AS first, ${timeText('max(first + lasted)')} AS last, count(*) AS "values"
    FROM sighting ${which}
    GROUP BY sighting.host;`;
}

/** SQL for an address as people write it. */
function addressText(column: string): string {
  const octets = [24, 16, 8, 0].map(shift => `(sighting.${column} >> ${shift} & 255)`);
  return `CASE WHEN sighting.${column} >= 0 THEN ${octets.join(" || '.' || ")}
    WHEN sighting.${column} < -1 THEN (SELECT name FROM names WHERE id = -1 - sighting.${column}) END`;
}

/** SQL for a time as people write it, in UTC. */
function timeText(time: string): string {
  return `strftime('%Y-%m-%d %H:%M:%S', (${time}) / 1000000, 'unixepoch')`;
}
