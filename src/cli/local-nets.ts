import { createReadStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream';
import split from 'split2';
import { reasonOf } from '../input/reason.ts';
import { isNetwork } from '../value/address.ts';
import { wordsIn } from './readers.ts';
import { UsageError } from './terminal.ts';

/** Networks with commas between, or a file with one on a line, as Zeek's networks.cfg has them. */
export async function readLocalNets(text: string): Promise<readonly string[]> {
  const typed = wordsIn(text);
  const bad = typed.filter(word => !isNetwork(word));
  if (typed.length > 0 && bad.length === 0) return typed;
  if (typed.length === 0) throw new UsageError('--local-nets is empty: is a variable of the shell unset?');
  const looksTyped =
    bad.length < typed.length || bad.some(word => /^[\d.]+(\/\d+)?$|^[\da-f:]*:[\da-f:]*(\/\d+)?$/i.test(word));
  if (looksTyped && !existsSync(text))
    throw new UsageError(`--local-nets: expected networks such as 10.0.0.0/8,fd00::/8, found ${bad[0]}`);
  return readNetworksFile(text);
}

const LONGEST_LINE = 4096;

async function readNetworksFile(file: string): Promise<readonly string[]> {
  const networks: string[] = [];
  let number = 0;
  try {
    for await (const line of pipeline(
      createReadStream(file),
      split({ maxLength: LONGEST_LINE }),
      failuresReachTheLoop,
    )) {
      number++;
      const [network = ''] = String(line).replace(/#.*/, '').trim().split(/\s+/);
      if (network === '') continue;
      if (!isNetwork(network))
        throw new UsageError(`${file}:${number}: expected a network such as 10.0.0.0/8, found ${network}`);
      networks.push(network);
    }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(
      `--local-nets ${file}: expected networks (10.0.0.0/8,fd00::/8) or a file with one on a line: ${reasonOf(cause)}`,
      { cause },
    );
  }
  if (networks.length === 0) throw new UsageError(`--local-nets ${file}: the file names no network`);
  return networks;
}

const failuresReachTheLoop = (): void => {};
