import type { Writable } from 'node:stream';

/** Resolves when the text is out, and rejects when it cannot be: a full disk throws at once, a closed pipe says so later. */
export const print = async (outlet: Writable, text: string): Promise<void> => {
  await new Promise<void>((done, failed) => {
    outlet.write(text, error => (error ? failed(error) : done()));
  });
};
