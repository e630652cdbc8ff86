/** The files of a new project that are the same in every language, but for some words. */
import type {Language} from './languages.ts';

export interface ProjectFile {
  readonly path: string;
  readonly text: string;
  readonly isExecutable: boolean;
}

export function commonFiles(language: Language): ProjectFile[] {
  return [
    {path: 'kv.yaml', text: kvYaml(language), isExecutable: false},
    {path: 'run.sh', text: runScript(language), isExecutable: true},
    {path: '.gitignore', text: gitignore(language), isExecutable: false},
    {path: 'README.md', text: readme(language), isExecutable: false},
  ];
}

function kvYaml({build, command}: Language): string {
  return lines(
    '# How the grader builds and starts this server (docs/contract.md#kvyaml).',
    'week: 1',
    ...(build === undefined ? [] : [`build: ${build}`]),
    `command: ${command}`,
    '# From week 2 on, if your files have the formats of the contract:',
    '# files: series',
  );
}

function runScript({build, command}: Language): string {
  const started = command.replace('--port {port} --data {dataDir}', '"$@"');
  return lines(
    '#!/bin/sh',
    '# Builds and starts the server, to try it by hand:',
    '#   ./run.sh --port 8080 --data data',
    '#   curl -X PUT --data-raw 7 http://127.0.0.1:8080/apple; curl http://127.0.0.1:8080/apple',
    'set -e',
    'cd "$(dirname "$0")"',
    ...(build === undefined ? [] : [build]),
    `exec ${started}`,
  );
}

function gitignore({ignored}: Language): string {
  return lines('.kv/', 'data/', ...ignored);
}

function readme({name, entry, download}: Language): string {
  return lines(
    `# A key-value server in ${name}`,
    '',
    `The server answers every request with 501 so far. Begin at \`answer\` in \`${entry}\`: a`,
    'PUT keeps a value in a hash table, a GET answers with it, or with 404.',
    '',
    '```',
    'kv grade      # what works, what fails first, and what to try',
    'kv watch      # the same again after each save',
    'kv progress   # how far you are',
    '```',
    '',
    'Once week 1 passes, set `week: 2` in kv.yaml and go on.',
    '',
    '`./run.sh --port 8080 --data data` starts the server by hand.',
    ...(download === undefined ? [] : ['', download]),
  );
}

function lines(...texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
