import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { reasonOf } from '../input/reason.ts';
import { fileOf } from '../value/home.ts';
import { levels } from '../value/level.ts';
import { visible } from '../value/text.ts';
import { DAY } from '../value/time.ts';
import { addBaselineCommands, addExplain, addTriage } from './baseline-commands.ts';
import type { HuntOptions, ReadingOptions } from './hunt.ts';
import type { InputsOptions } from './inputs.ts';
import { format, lockTimeout } from './options.ts';
import { readCount, readFolders, readIds, readLength, readMoment, readWarmup } from './readers.ts';
import { isClosedPipe, type Terminal, tell, UsageError } from './terminal.ts';

/** Runs the program and returns its exit code: 0 quiet, 1 findings, 2 trouble, 130 interrupted. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0;
  const program = createProgram(terminal, found => {
    code = found;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (isClosedPipe(error)) return 0;
    // Where even this cannot be said, the exit code must do.
    await tell(terminal, explanationOf(error).split('\n')).catch(() => {});
    return 2;
  }
}

/** What whoever typed the command can mend; any other error is ours, and thrown on. */
function explanationOf(error: unknown): string {
  const isTheirs =
    error instanceof Error && ['RuleError', 'BaselineError', 'SuppressionError', 'AssetsError'].includes(error.name);
  if (error instanceof UsageError || isTheirs) return error.message;
  if (error instanceof Error && 'syscall' in error) return `cannot go on: ${reasonOf(error)}`;
  throw error;
}

const version = (): string => JSON.parse(readFileSync(fileOf('package.json'), 'utf8')).version;

function createProgram(terminal: Terminal, finish: (code: number) => void): Command {
  const program = new Command('oddtalk')
    .description(
      "Hunts in network logs: learns what every host normally does, and prints what is new or breaks a protocol's rules.",
    )
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: text => terminal.stdout.write(text),
      writeErr: text => terminal.stderr.write(text.split('\n').map(visible).join('\n')),
      getOutHelpWidth: () => terminal.stdout.columns ?? 100,
      getErrHelpWidth: () => terminal.stderr.columns ?? 100,
    })
    .showHelpAfterError('(oddtalk --help shows commands, oddtalk hunt --help options and examples)');

  // Each command loads its code when it runs, so that help and version are quick.
  reading(program.command('hunt', { isDefault: true }))
    .summary('print what is new or odd (this is the default command)')
    .description('Reads logs in one pass and prints what is new or odd: a table on a terminal, NDJSON elsewhere.')
    .addOption(format('how findings are printed'))
    .option(
      '--warmup <length>',
      'how long a host must be known before something is new: 12h, 7d, or auto: a quarter of what the logs span, from 1h to 7d',
      readWarmup,
      'auto' as const,
    )
    .option(
      '--learn-until <time>',
      'learn up to this time, and report as new only what comes later; --warmup then counts for hosts that came later',
      readMoment,
    )
    .addOption(
      new Option(
        '--min-level <level>',
        'print findings from this level on (default: low in tables, informational in NDJSON)',
      ).choices(levels),
    )
    .addOption(
      new Option(
        '--fail-level <level>',
        'exit with 1 if there is a finding from this level on (default: low, or --min-level where that is higher)',
      ).choices(levels),
    )
    .option(
      '--suppress <file>',
      'what is not to be told: a YAML list of rule, host, peer, port, process, with a reason (may be given several times)',
      readFolders,
    )
    .option('--show-suppressed', 'tell it all the same, with the reason beside it')
    .option('--exit-zero', 'exit with 0 whatever was found (trouble still exits with 2)')
    .addHelpText('after', huntExamples)
    .action(async (paths: string[], options: HuntOptions) => {
      const { huntCommand } = await import('./hunt.ts');
      finish(await huntCommand(paths, options, terminal));
    });

  reading(program.command('learn'))
    .summary('read into a baseline without findings')
    .description(
      'Reads as hunt does, and prints no findings: what is in these logs is normal, and later runs do not tell it.',
    )
    .action(async (paths: string[], options: ReadingOptions) => {
      const { learnCommand } = await import('./hunt.ts');
      finish(await learnCommand(paths, options, terminal));
    });

  program
    .command('inputs')
    .summary('show what would be read, as what, and why not')
    .description(
      'Reads files as hunt does and says of each what it is: log, format, records, span, doubts about its times; or why it is not read.',
    )
    .argument('[paths...]', 'files, folders (with all below but what is hidden), globs, or - for standard input')
    .addOption(format('how files are listed'))
    .option('-j, --jobs <n>', 'how many threads may read (default: as many as there are cores)', readCount)
    .option('-q, --quiet', 'no progress on the terminal')
    .action(async (paths: string[], options: InputsOptions) => {
      const { inputsCommand } = await import('./inputs.ts');
      finish(await inputsCommand(paths, options, terminal));
    });

  addBaselineCommands(program, terminal, finish);

  addExplain(program, terminal, finish);

  addTriage(program, terminal, finish);

  const rules = program.command('rules').description('Shows the rules, and checks your own.');
  rules
    .command('list')
    .description('Lists all rules.')
    .addOption(
      new Option('-f, --format <format>', 'a table, one rule a line, or a page')
        .choices(['table', 'ndjson', 'markdown'])
        .default('table'),
    )
    .option('--rules <folder>', 'rules of your own beside the built-in ones (may be given several times)', readFolders)
    .action(async options => {
      const { listRules } = await import('./rules.ts');
      finish(await listRules(options, terminal));
    });
  rules
    .command('show <id> [name]')
    .description(
      'Shows one rule: what it sees, in which logs, its options, what may be harmless; or, as "show weird NAME", what a word of a sensor means.',
    )
    .option('--rules <folder>', 'rules of your own beside the built-in ones (may be given several times)', readFolders)
    .action(async (id: string, name: string | undefined, options) => {
      const { showRule } = await import('./rules.ts');
      finish(await showRule(name === undefined ? [id] : [id, name], options, terminal));
    });
  rules
    .command('check <folder>')
    .description('Checks a folder of rules: file, line and what was expected, of all that is wrong.')
    .action(async (folder: string) => {
      const { checkRules } = await import('./rules.ts');
      finish(await checkRules(folder, terminal));
    });
  return program;
}

/** What hunt and learn have in common. */
const reading = (command: Command): Command =>
  command
    .argument('[paths...]', 'files, folders (with all below but what is hidden), globs, or - for standard input')
    .option(
      '-b, --baseline <file>',
      'go on with what earlier runs have learnt, and keep it: only what is new in the logs is read, and only what is new is told',
    )
    .addOption(
      new Option('--keep <length>', 'how long the baseline remembers what is not seen any more, in event time')
        .argParser(readLength)
        .default(90 * DAY, '90d'),
    )
    .addOption(lockTimeout())
    .option(
      '--since <time>',
      'leave out, of the baseline too, what happened before: 2026-11-19, 2026-11-19T08:00:00Z, epoch seconds; UTC (to know what was normal before, use --learn-until)',
      readMoment,
    )
    .option('--until <time>', 'leave out what happened at or after', readMoment)
    .option(
      '--local-nets <networks>',
      'which addresses are yours: 10.0.0.0/8,fd00::/8, or a file such as networks.cfg (default: what the sensor logged, else private ranges)',
    )
    .option(
      '--assets <file>',
      'what your hosts are for: YAML or CSV of host (an address, a network, a name), role, owner, tags',
    )
    .option(
      '--rules <folder>',
      'rules of your own beside the built-in ones; the same id replaces, or changes options (may be given several times)',
      readFolders,
    )
    .option('--only <ids>', 'only these rules: ids with commas between, * for any part', readIds)
    .option('--without <ids>', 'all rules but these', readIds)
    .option('--summary <file>', 'write a summary of the run as JSON: what was read, found, and could not be seen')
    .option('--reproducible', 'the same input gives the same bytes: leaves out when findings were made')
    .option('-j, --jobs <n>', 'how many threads may read (default: as many as there are cores)', readCount)
    .option(
      '--max-rows <n>',
      'how much the baseline may hold: at the limit the busiest hosts lose what they have not shown for longest (default: 20000000, about 4 GB; at the limit --jobs plays a part in what is left)',
      readCount,
    )
    .option('-q, --quiet', 'no summary on the terminal');

const huntExamples = `
Examples:
  oddtalk hunt /opt/zeek/logs/2026-11-19 sysmon.ndjson.gz        a folder of logs and what Sysmon saw
  oddtalk hunt eve.json --learn-until 2026-11-19T08:00 -f table  what is new since this morning, as a table
  zcat conn.*.log.gz | oddtalk hunt - | jq 'select(.event.risk_score > 60)'
  oddtalk hunt logs --only 'first-seen-*' --without first-seen-domain
  oddtalk hunt logs --min-level medium --fail-level high --summary run.json

Exit codes: 0 nothing found, 1 findings at or above --fail-level, 2 trouble, 130 interrupted (findings are still printed).
`;
