import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeCorpus } from './corpus.mjs';

/** oddtalk beside other tools on the same files, turn by turn: medians, spread, ratios, and whether all read the same. */

const { values: options } = parseArgs({
  options: {
    corpus: { type: 'string' },
    records: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string', default: '' },
    smoke: { type: 'boolean', default: false },
  },
});
const records = Number(options.records ?? (options.smoke ? 4_000 : 1_000_000));
const rounds = Number(options.rounds ?? (options.smoke ? 1 : 5));
const here = import.meta.dirname;
const scratch = mkdtempSync(path.join(tmpdir(), 'oddtalk-bench-'));
const corpus = options.corpus ?? path.join(scratch, 'corpus');

/** Runs a shell command and gives what it printed, how long it took and, where GNU time is there to ask, its peak memory. */
async function timed(command) {
  const watched = existsSync('/usr/bin/time')
    ? ['/usr/bin/time', '-f', 'peak %M', 'bash', '-c', command]
    : ['bash', '-c', command];
  const began = process.hrtime.bigint();
  const child = spawn(watched[0], watched.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].on('data', chunk => (printed[name] += chunk));
  const code = await new Promise(done => child.on('close', done));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${printed.stderr}`);
  return {
    seconds,
    megabytes: Number(/peak (\d+)/.exec(printed.stderr)?.[1] ?? Number.NaN) / 1024,
    answer: printed.stdout.trim(),
  };
}

const has = tool => {
  try {
    execFileSync('bash', ['-c', `command -v ${tool}`]);
    return true;
  } catch {
    return false;
  }
};

const summary = path.join(scratch, 'summary.json');
const node = process.execPath;

const TALKERS = 'first-seen-talker';

function oddtalk(files, rules) {
  const only = rules ? `--only ${rules}` : '';
  const hunt = `${node} ${program} hunt ${files} ${only} -q --exit-zero --summary ${summary} > /dev/null`;
  return {
    name: 'oddtalk',
    command: hunt,
    answer: () => {
      const { records } = JSON.parse(readFileSync(summary, 'utf8'));
      return rules === TALKERS ? records.flow : Object.values(records).reduce((sum, count) => sum + count, 0);
    },
  };
}

const program = path.join(here, '../../bin/oddtalk.js');
const baseline = path.join(scratch, 'baseline.db');
const learnt = path.join(scratch, 'learnt.db');

/** A run on a baseline that has learnt some files: how long those take is not measured. */
function kept(files, before) {
  const fresh = `rm -f ${baseline}*; ${before === '' ? 'true' : `cp ${learnt} ${baseline}`}`;
  const run = oddtalk(files);
  return {
    ...run,
    command: run.command.replace(' -q ', ` -q --baseline ${baseline} `),
    prepare: before === '' ? 'true' : `rm -f ${learnt}*; ${node} ${program} learn ${before} -q --baseline ${learnt}`,
    before: fresh,
  };
}

const inMemory = files => ({ ...oddtalk(files), name: 'the same in memory' });

/** The last file of each log, and all others. */
const isLast = (file, all) => !all.some(other => logOf(other) === logOf(file) && numberOf(other) > numberOf(file));
const logOf = file => path.basename(file).split('.')[0];
const numberOf = file => Number(path.basename(file).split('.')[1]);
const lastOf = files =>
  files
    .split(' ')
    .filter((file, _, all) => isLast(file, all))
    .join(' ');
const restOf = files =>
  files
    .split(' ')
    .filter((file, _, all) => !isLast(file, all))
    .join(' ');

const duckdb = (job, files) => ({
  name: 'DuckDB, 2 threads',
  command: `${node} ${path.join(here, 'duck.mjs')} ${job} ${files}`,
  answer: Number,
});
const silent = (name, command) => ({ name, command, answer: () => undefined });
const counting = (name, command) => ({ name, command, answer: Number });

function* jobs() {
  for (const form of ['tsv', 'json', 'eve', 'tsv.gz', 'json.gz', 'eve.gz']) {
    const folder = path.join(corpus, form);
    if (!existsSync(folder)) continue;
    const all = filesOf(folder, name => name !== 'truth.json');
    const conn = filesOf(folder, name => /^(conn|eve)\./.test(name));
    const isZipped = form.endsWith('.gz');
    const isText = form.startsWith('tsv');
    const isEve = form.startsWith('eve');
    const limits = isZipped
      ? [silent('zcat', `zcat ${conn} > /dev/null`)]
      : [silent('wc -l', `wc -l ${conn} > /dev/null`)];
    yield {
      name: `talkers, ${form}`,
      runs: [
        oddtalk(conn, TALKERS),
        // Of gzip data with a header of comments DuckDB makes a matter of minutes.
        { ...duckdb('talkers', conn), isSlow: isZipped && isText },
        ...limits,
        ...slowPeers(conn, { isText, isZipped, isEve }),
      ],
    };
    // Nobody else answers this one, so that there is nothing to agree on.
    if (!options.smoke) yield { name: `all rules on one log, ${form}`, runs: [oddtalk(conn), ...limits] };
    yield { name: `full hunt, ${form}`, runs: [oddtalk(all), duckdb('hosts', all)] };
    if (isText && !isZipped) yield { name: `into a new baseline, ${form}`, runs: [kept(all, ''), inMemory(all)] };
    if (isText && isZipped)
      yield {
        name: `on a baseline of the rest, ${form}`,
        runs: [kept(lastOf(all), restOf(all)), inMemory(lastOf(all))],
      };
  }
}

const ZEEK_TALKERS = '[."id.orig_h", ."id.resp_h", ."id.resp_p"]';
const EVE_TALKERS = 'select(.event_type == "flow") | [.src_ip, .dest_ip, .dest_port]';

/** Slow ones are asked once: what they take is far from a matter of chance. */
function slowPeers(files, { isText, isZipped, isEve }) {
  if (isZipped) return [];
  if (!isText)
    return has('jq')
      ? [{ ...counting('jq', `jq -c '${isEve ? EVE_TALKERS : ZEEK_TALKERS}' ${files} | wc -l`), isSlow: true }]
      : [];
  return [
    ...(has('bro-cut') && has('mawk')
      ? [
          {
            ...counting(
              'bro-cut | mawk',
              `cat ${files} | bro-cut id.orig_h id.resp_h id.resp_p proto | mawk '{ n++; seen[$0]++ } END { print n }'`,
            ),
            isSlow: true,
          },
        ]
      : []),
    ...(has('mlr')
      ? [
          {
            ...counting(
              'miller',
              `grep -hv '^#' ${files} | mlr --inidx --ifs tab --ojson count then put -q 'print $count'`,
            ),
            isSlow: true,
          },
        ]
      : []),
  ];
}

const filesOf = (folder, isWanted) =>
  readdirSync(folder)
    .filter(isWanted)
    .sort()
    .map(name => path.join(folder, name))
    .join(' ');

const median = numbers => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

async function measure({ name, runs }) {
  const times = new Map(runs.map(run => [run.name, []]));
  const peaks = new Map();
  const answers = new Map();
  for (const { prepare } of runs) if (prepare) execFileSync('bash', ['-c', prepare]);
  for (let round = options.smoke ? 1 : 0; round <= rounds; round++) {
    for (const run of runs) {
      if (run.isSlow && round !== 1) continue;
      if (run.before) execFileSync('bash', ['-c', run.before]);
      const { seconds, megabytes, answer } = await timed(run.command);
      // The first round warms the page cache.
      if (round > 0) times.get(run.name).push(seconds);
      peaks.set(run.name, Math.max(megabytes, peaks.get(run.name) ?? 0));
      answers.set(run.name, run.answer(answer));
    }
  }
  print(`\n${name}`);
  const own = median(times.get('oddtalk'));
  for (const [tool, all] of times) {
    const middle = median(all);
    const spread = `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`;
    const ratio = tool === 'oddtalk' ? '' : `, oddtalk takes ${(own / middle).toFixed(2)} of that`;
    print(`  ${tool.padEnd(20)} ${middle.toFixed(2)} s (${spread}), peak ${Math.round(peaks.get(tool))} MB${ratio}`);
  }
  const told = [...answers].filter(([, answer]) => answer !== undefined);
  if (new Set(told.map(([, answer]) => answer)).size > 1)
    throw new Error(`${name}: the tools do not agree: ${JSON.stringify(told)}`);
}

const print = line => process.stdout.write(`${line}\n`);

try {
  if (!options.corpus) await writeCorpus(corpus, records);
  print(
    `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; ${options.corpus ?? `${records} connections`}, ${rounds} rounds`,
  );
  for (const job of jobs()) if (job.name.includes(options.only)) await measure(job);
  print('\nall tools read the same records');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
