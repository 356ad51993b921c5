import type { Command } from 'commander';
import { format, lockTimeout } from './options.ts';
import { readFolders, readLength, readMoment } from './readers.ts';
import { type Terminal, UsageError } from './terminal.ts';

/** The commands about what runs have learnt and told; each loads its code when it runs. */
export function addBaselineCommands(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const baseline = program
    .command('baseline')
    .description('Shows what is normal, and looks after the file that has it.');
  const file = ['-b, --baseline <file>', 'the baseline'] as const;
  baseline
    .command('show <host>')
    .description('What is normal for a host, by its address or its name, on one screen.')
    .requiredOption(...file)
    .option('--all', 'everything, and not only the five most steady values of each kind')
    .addOption(format('how it is printed'))
    .action(async (host, options) => {
      const { showHost } = await import('./baseline.ts');
      finish(await showHost(host, options, terminal));
    });
  baseline
    .command('stats')
    .description('How much is known, since when, and what has been told.')
    .requiredOption(...file)
    .addOption(format('how it is printed'))
    .action(async options => {
      const { showStats } = await import('./baseline.ts');
      finish(await showStats(options, terminal));
    });
  baseline
    .command('diff <one> <other>')
    .description('What one baseline knows and the other does not; exits with 1 where there is anything.')
    .addOption(format('how it is printed'))
    .action(async (one, other, options) => {
      const { diffBaselines } = await import('./baseline.ts');
      finish(await diffBaselines([one, other], options, terminal));
    });
  baseline
    .command('merge <out> <in...>')
    .description('Puts baselines of several machines together to a new one.')
    .action(async (out, files) => {
      const { mergeCommand } = await import('./baseline.ts');
      finish(await mergeCommand(out, files, terminal));
    });
  baseline
    .command('export')
    .description('Everything that hosts have shown, as NDJSON, one value a line.')
    .requiredOption(...file)
    .action(async options => {
      const { exportBaseline } = await import('./baseline.ts');
      finish(await exportBaseline(options, terminal));
    });
  baseline
    .command('prune')
    .description('Forgets what was not seen since a time, and gives the room back.')
    .requiredOption(...file)
    .requiredOption('--before <time>', 'what was last seen before it goes', readMoment)
    .addOption(lockTimeout())
    .action(async options => {
      const { pruneBaseline } = await import('./baseline.ts');
      finish(await pruneBaseline(options, terminal));
    });
  baseline
    .command('forget <host>')
    .description('Forgets everything about a host, as if it had never been seen.')
    .requiredOption(...file)
    .addOption(lockTimeout())
    .action(async (host, options) => {
      const { forgetEntity } = await import('./baseline.ts');
      finish(await forgetEntity(host, options, terminal));
    });
}

export function addTriage(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  program
    .command('triage <id> <verdict>')
    .summary('keep what somebody says of a finding')
    .description(
      'Keeps what somebody who looked at a finding says of it. A benign one is suppressed from then on, or for as long as --for says; a confirmed one stays on record in the baseline. The id may be its first characters.',
    )
    .option('-b, --baseline <file>', 'the baseline that told it')
    .option('--findings <file>', 'or a file of findings, as hunt prints them')
    .option('--suppress <file>', 'the suppressions that a benign one is added to')
    .requiredOption('--reason <text>', 'why')
    .option('--author <name>', 'who says so')
    .option('--for <length>', 'how long a benign one is not told: 30d', readLength)
    .addOption(lockTimeout())
    .action(async (id, verdict, options) => {
      if (verdict !== 'benign' && verdict !== 'confirmed')
        throw new UsageError(`a finding is benign or confirmed, and not ${verdict}`);
      const { triageCommand } = await import('./triage.ts');
      finish(await triageCommand(id, verdict, options, terminal));
    });
}

export function addExplain(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  program
    .command('explain [id] [file]')
    .summary("tell one finding's story in plain words")
    .description(
      'Tells what was seen, what is normal, who did it, why it scores so, where to look next, and what would make it harmless: of one finding, by the first characters of its id, or of all in a file as hunt prints it (NDJSON; - or nothing: standard input), the weightiest first.',
    )
    .option('-b, --baseline <file>', 'the baseline that told it')
    .option('--findings <file>', 'or a file of findings, as hunt prints them')
    .option('--rules <folder>', 'rules of your own beside the built-in ones (may be given several times)', readFolders)
    .action(async (id: string | undefined, file: string | undefined, options) => {
      const { explainCommand } = await import('./explain.ts');
      finish(await explainCommand([id, file], options, terminal));
    });
}
