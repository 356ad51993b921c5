#!/usr/bin/env node
import process from 'node:process';
import { main } from '../dist/cli/main.js';

const { stdin, stdout, stderr, env } = process;

// A reader that has seen enough closes its pipe; main sees the failed write and ends well.
stdout.on('error', () => {});
stderr.on('error', () => {});

process.exitCode = await main(process.argv.slice(2), { stdin, stdout, stderr, env, now: Date.now });
