import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Decoder } from '../src/kernel/kernel.ts';
import { connLog, MONDAY } from './logs.ts';
import { folder } from './run.ts';

const logs = connLog(
  Array.from({ length: 60 }, (_, index) => ({
    ts: MONDAY + index * 3600,
    port: index === 50 ? 4444 : 445,
    service: index === 50 ? 'ssl' : 'gssapi,smb',
  })),
);

const fast = vi.fn();

vi.mock('../src/kernel/fast/decoder.ts', async importOriginal => {
  const { fastDecoder } = await importOriginal<typeof import('../src/kernel/fast/decoder.ts')>();
  return { fastDecoder: (...given: Parameters<typeof fastDecoder>) => fast(fastDecoder, given) };
});

/** Everything is loaded anew: what one test does to the fast path is no other's. */
async function hunted(files: Record<string, string> = { 'conn.log': logs }) {
  vi.resetModules();
  const { run } = await import('./run.ts');
  const root = await folder(files);
  const { findings, stderr } = await run(['hunt', root, '--reproducible', '--min-level', 'low']);
  const told = findings.map(({ message, oddtalk }) => ({
    message,
    evidence: oddtalk.evidence.map(({ line }) => line),
  }));
  return { told, stderr: stderr.replaceAll(`${root}${path.sep}`, '') };
}

afterEach(() => {
  vi.restoreAllMocks();
  fast.mockReset();
});

test('where there is no SIMD, there is no fast path', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  vi.resetModules();
  const { kernelMemory } = await import('../src/kernel/fast/memory.ts');
  expect(kernelMemory()).toBeUndefined();
});

test('without the fast path the careful one gives the same findings', async () => {
  fast.mockImplementation((open, given) => open(...given));
  const expected = await hunted();
  expect(expected.told.length).toBeGreaterThan(0);
  expect(fast).toHaveBeenCalled();

  fast.mockReturnValue(undefined);
  expect(await hunted()).toEqual(expected);
});

test('where the fast path traps, the segment is named and read again by the careful one', async () => {
  fast.mockImplementation((open, given) => open(...given));
  const expected = await hunted();

  fast.mockImplementation((open, given) => ({
    ...open(...given),
    decode() {
      throw new WebAssembly.RuntimeError('unreachable');
    },
  }));
  const { told, stderr } = await hunted();
  expect(told).toEqual(expected.told);
  expect(stderr).toBe(
    'oddtalk: conn.log: the fast decoder failed at it (unreachable): it is read again by the careful one\n',
  );
});

test('of files that are read together the one is named at which it traps', async () => {
  const files = { 'a.log': logs, 'b.log': logs.replaceAll('10.1.0.5', '10.1.0.6'), 'c.log': logs };
  fast.mockImplementation((open, given) => open(...given));
  const expected = await hunted(files);

  let traps = 0;
  fast.mockImplementation((open, given) => {
    const decoder = open(...given);
    return {
      ...decoder,
      decode(...asked: Parameters<Decoder['decode']>) {
        if (!asked[0].bytes.includes('10.1.0.6')) return decoder.decode(...asked);
        traps++;
        throw new WebAssembly.RuntimeError('unreachable');
      },
    };
  });
  const { told, stderr } = await hunted(files);
  expect(told).toEqual(expected.told);
  expect(traps).toBe(1);
  expect(stderr).toMatch(/^oddtalk: b\.log: the fast decoder failed at it \(unreachable\)[^\n]*\n$/);
});

test('who is under way when another reader traps does not go on with the memory that it broke', async () => {
  vi.doUnmock('../src/kernel/fast/decoder.ts');
  vi.resetModules();
  const { distrustFastPath, openJson } = await import('../src/kernel/open.ts');
  const { createSymbols } = await import('../src/kernel/symbols.ts');
  const decoder = openJson([{ paths: [['a']], type: 'text' }], createSymbols());
  const block = { bytes: Buffer.from('{"a":"b"}\n'), line: 1 };
  expect(decoder.decode(block, { at: 0, line: 0 }).stop).toBe('end');
  distrustFastPath();
  expect(() => decoder.decode(block, { at: 0, line: 0 })).toThrow(WebAssembly.RuntimeError);
});
