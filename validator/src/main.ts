/** The program `kv`: its commands, its help and what happens to errors. */

import {readFileSync} from 'node:fs';
import {Command} from 'commander';
import {runAndExit} from './exit.ts';
import {MANIFEST} from './installation.ts';

/**
 * What `kv --help` lists. The code behind a command is loaded only when that
 * command is asked for, since starting quickly matters more than anything else
 * to a tool that is run after every edit.
 */
const COMMANDS: readonly LazyCommand[] = [
  {
    name: 'init',
    summary: 'write a server to begin with, in one of six languages',
    load: async () => (await import('./commands/init.ts')).initCommand(),
  },
  {
    name: 'grade',
    summary: 'grade a server, or the reference weeks',
    load: async () => (await import('./commands/grade.ts')).gradeCommand(),
  },
  {
    name: 'progress',
    summary: 'show how far a project has come',
    load: async () => (await import('./commands/progress.ts')).progressCommand(),
  },
  {
    name: 'watch',
    summary: 'grade again after each save, from the check that fails on',
    load: async () => (await import('./commands/watch.ts')).watchCommand(),
  },
  {
    name: 'doctor',
    summary: 'say what is missing on this machine, and how to get it',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
  {
    name: 'checks',
    summary: 'list the checks of a week, or tell all about one',
    load: async () => (await import('./commands/checks.ts')).checksCommand(),
  },
  {
    name: 'inspect',
    summary: 'show what is in a data folder, or in one of its files',
    load: async () => (await import('./commands/inspect.ts')).inspectCommand(),
  },
  {
    name: 'find',
    summary: 'show where a key is in a data folder, and which record counts',
    load: async () => (await import('./commands/find.ts')).findCommand(),
  },
  {
    name: 'replay',
    summary: 'send a fixture file to a server',
    load: async () => (await import('./commands/replay.ts')).replayCommand(),
  },
  {
    name: 'export',
    summary: 'make a page, JUnit XML or a step summary of a result',
    load: async () => (await import('./commands/export.ts')).exportCommand(),
  },
  {
    name: 'compare',
    summary: 'your server beside the reference, line by line',
    load: async () => (await import('./commands/compare.ts')).compareCommand(),
  },
  {
    name: 'mark',
    summary: "mark a submission under an instructor's policy",
    load: async () => (await import('./commands/mark.ts')).markCommand(),
  },
  {
    name: 'seed',
    summary: 'derive the seeds of students from a secret',
    load: async () => (await import('./commands/seed.ts')).seedCommand(),
  },
  {
    name: 'fixture',
    summary: 'generate, lint and survey fixture files',
    load: async () => (await import('./commands/fixture.ts')).fixtureCommand(),
  },
  {
    name: 'history',
    summary: 'check recorded histories',
    load: async () => (await import('./commands/history.ts')).historyCommand(),
  },
];

interface LazyCommand {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

const HELP = `
Examples:
  kv grade                       grade what the kv.yaml in this folder describes,
                                 or else the reference weeks
  kv grade 3 --in ../my-server   grade week 3 of the project in another folder
  kv grade 1 --command './server --port {port} --data {dataDir}'
  kv replay fixtures/week-01.txt --url http://127.0.0.1:8080
  kv fixture lint my-fixture.txt

Exit codes:
  0   every required check that could run has passed
  1   a check failed
  2   no check failed, but one was inconclusive
  3   the grader itself failed (KV_DEBUG=1 shows where)
  64  wrong usage or bad input
`;

/** Runs `kv` and ends the process. @param args what follows `kv` on the command line */
export async function main(args: readonly string[]): Promise<void> {
  await runAndExit(async () => {
    const program = await createProgram(args);
    await program.parseAsync(args, {from: 'user'});
  });
}

async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('kv')
    .description('Grades a key-value server, written in any language, over HTTP.')
    .version(version(), '-V, --version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', HELP)
    .showHelpAfterError('(kv --help lists what there is)')
    .exitOverride();

  const asked = args[0] === 'help' ? args[1] : args[0];
  for (const {name, summary, load} of COMMANDS) {
    const command = name === asked ? await load() : new Command(name).description(summary);
    inheritSettings(command, program);
    program.addCommand(command);
  }
  return program;
}

/** Commander hands settings down only to commands that it made itself. */
function inheritSettings(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheritSettings(child, command);
}

function version(): string {
  return (JSON.parse(readFileSync(MANIFEST, 'utf8')) as {version: string}).version;
}
