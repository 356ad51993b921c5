#!/usr/bin/env node
import process from 'node:process';
import { main } from '../dist/cli/main.js';

const { stdin, stdout, stderr, env } = process;

// A reader that has seen enough closes its pipe; main sees the failed write and ends well.
stdout.on('error', () => {});
stderr.on('error', () => {});

// Reading stops at the first Ctrl-C, and what was seen is told; the second one is not held up.
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

const terminal = { stdin, stdout, stderr, env, interrupt: interruption.signal, now: Date.now };
process.exitCode = await main(process.argv.slice(2), terminal);
