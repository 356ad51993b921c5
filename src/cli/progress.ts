import type { SingleBar } from 'cli-progress';
import type { Found } from '../input/sources.ts';
import { sum } from '../value/sum.ts';
import { bytesText, counted } from '../value/text.ts';
import type { Terminal } from './terminal.ts';

/** How far a run is, on a terminal: what would look like hanging else. */
export interface Progress {
  advanced(bytes: number, records: number): void;
  /** A source has been read. */
  finished(): void;
  /** Says something above the bar. */
  say(text: string): void;
  /** Nothing of it stays on the screen. */
  end(): void;
}

/** What takes less time needs no bar, in milliseconds. */
const PATIENCE = 700;

const FORMAT = '{bar} {percentage}% of {size}, {files}, {rate}, {eta_formatted} left';
/** Nobody knows how much comes through a pipe. */
const ENDLESS = '{read} read, {files}, {rate}';

/** The bar's own code is loaded where there is one. */
export async function createProgress(
  { sources }: Found,
  isWanted: boolean,
  { stderr, now }: Terminal,
): Promise<Progress> {
  if (!isWanted || !stderr.isTTY) {
    return { advanced() {}, finished() {}, say: text => void stderr.write(text), end() {} };
  }
  const { default: cliProgress } = await import('cli-progress');
  const started = now();
  const isEndless = sources.some(({ size }) => size === undefined);
  const size = sum(sources.map(source => source.size ?? 0));
  const state = { bytes: 0, records: 0, files: 0 };
  let bar: SingleBar | undefined;

  const shown = () => ({
    size: bytesText(size),
    read: bytesText(state.bytes),
    files: `${state.files} of ${counted(sources.length, 'file')}`,
    rate: `${counted(Math.round((state.records * 1000) / Math.max(1, now() - started)), 'record')}/s`,
  });
  const open = (): SingleBar => {
    const created = new cliProgress.SingleBar(
      {
        format: isEndless ? ENDLESS : FORMAT,
        stream: stderr,
        barsize: 24,
        clearOnComplete: true,
        // The second Ctrl-C ends the program at once, and must leave nothing behind.
        ...{ hideCursor: null, linewrap: null, gracefulExit: false },
      },
      cliProgress.Presets.shades_classic,
    );
    created.start(Math.max(size, 1), state.bytes, shown());
    return created;
  };
  const end = (): void => {
    bar?.stop();
    bar = undefined;
  };

  return {
    advanced(bytes, records) {
      state.bytes += bytes;
      state.records += records;
      if (now() - started < PATIENCE) return;
      bar ??= open();
      bar.update(state.bytes, shown());
    },
    finished() {
      state.files++;
    },
    say(text) {
      // It comes back with the next chunk.
      end();
      stderr.write(text);
    },
    end,
  };
}
