/**
 * How `kv` ends: every way out of it has an exit code (verdict.ts, docs/contract.md)
 * and at most a few lines on stderr. A stack is shown with KV_DEBUG=1 only.
 *
 * Whatever has to be cleaned up (servers, temporary folders) hangs on the
 * process's 'exit' event, see server/at-exit.ts, so every way out leads there.
 */

import {constants} from 'node:os';
import {CommanderError} from 'commander';
import {GraderError, ServerFailure, UsageError} from './errors.ts';
import {escapeText} from './report/escape.ts';
import {EXIT, type ExitCode} from './verdict.ts';

/** As a shell counts: a process that a signal ended has the status 128 + the signal's number. */
const SIGNAL_EXIT_BASE = 128;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command to its end and ends the process. The exit code is the one that
 * the command put into `process.exitCode` (0 if none), unless it throws.
 */
export async function runAndExit(command: () => Promise<void>): Promise<void> {
  let settled = false;
  installHandlers(() => {
    settled = true;
  });
  process.on('exit', () => {
    if (settled) return;
    // Nothing was left to wait for, but the command had not ended: a promise
    // that never settles must not look like a pass.
    report(['kv: internal error: ended without a result']);
    process.exitCode = EXIT.graderError;
  });

  let exitCode: number;
  try {
    await command();
    exitCode = Number(process.exitCode ?? EXIT.pass);
  } catch (error) {
    exitCode = reportError(error);
  }
  await flush(process.stdout);
  await flush(process.stderr);
  settled = true;
  process.exit(exitCode);
}

function installHandlers(settle: () => void): void {
  const leave = (exitCode: number): never => {
    settle();
    process.exit(exitCode);
  };
  const fail = (error: unknown): never => {
    report([`kv: internal error: ${messageOf(error)}`], error);
    return leave(EXIT.graderError);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  for (const signal of SIGNALS) {
    process.on(signal, () => leave(SIGNAL_EXIT_BASE + constants.signals[signal]));
  }
  // `kv … | head`: end as quietly as a program that SIGPIPE kills.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') leave(SIGNAL_EXIT_BASE + constants.signals.SIGPIPE);
    fail(error);
  });
  // With nobody left to read stderr there is nothing to say and no one to say it to.
  process.stderr.on('error', () => {});
}

/** Says on stderr what went wrong. @returns the exit code for it */
function reportError(error: unknown): ExitCode {
  // Commander has already written its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
  if (error instanceof UsageError) {
    const [first, ...more] = error.lines;
    report([`kv: ${first}`, ...more], error);
    return EXIT.usage;
  }
  if (error instanceof ServerFailure) {
    const details = error.details.map((detail) => `  ${detail}`);
    report([`kv: the server failed: ${error.message}`, ...details], error);
    return EXIT.fail;
  }
  const kind = error instanceof GraderError ? 'grader error' : 'internal error';
  report([`kv: ${kind}: ${messageOf(error)}`], error);
  return EXIT.graderError;
}

/** Quotes of files, names and servers in it steer neither the terminal nor a CI that reads it. */
function report(lines: readonly string[], error?: unknown): void {
  const debug = process.env['KV_DEBUG'] === '1';
  const stack = debug && error instanceof Error ? (error.stack ?? '').split('\n') : [];
  process.stderr.write([...lines, ...stack].map((line) => `${escapeText(line)}\n`).join(''));
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim() === '' ? 'no message; KV_DEBUG=1 shows more' : text;
}

/** Settles when everything written so far has left the process. */
async function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || !stream.writable) return;
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}
