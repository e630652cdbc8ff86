/** `kv inspect`: its arguments and its output; what is looked at is in ../inspect. */
import {hexDump} from '@kv-workshop/shared/hex-dump';
import {Command, Option} from 'commander';
import {UsageError} from '../errors.ts';
import type {Problem} from '../formats/problem.ts';
import {checkFolder} from '../inspect/check-folder.ts';
import {
  type Content,
  contentOf,
  KINDS,
  type Kind,
  kindOfBytes,
  kindOfName,
} from '../inspect/content.ts';
import {denials} from '../inspect/denials.ts';
import {type Finding, findingsOf} from '../inspect/findings.ts';
import {fileDocument, folderDocument} from '../inspect/inspect-json.ts';
import {openTarget, readTarget, type Target} from '../inspect/open-target.ts';
import {readFolder} from '../inspect/read-folder.ts';
import {showFile} from '../inspect/show-file.ts';
import {showFindings, showFolder} from '../inspect/show-folder.ts';
import {EXIT} from '../verdict.ts';

interface InspectFlags {
  readonly check?: boolean;
  readonly records?: boolean;
  readonly hex?: string | true;
  readonly as?: Kind;
  readonly json?: boolean;
}

const HELP = `
A data folder of any week, or one of its files: MANIFEST, a log, an SSTable in JSON
or in blocks (of 4,096 bytes, or in the variable format of the reference), a Bloom
filter. Nothing is ever written, and no link is followed.

Exit codes of --check: 0 nothing is wrong, 1 a rule is broken, 2 none is broken, but
not all could be read, 64 bad input.

Examples:
  kv inspect data                       what is there, and what is wrong
  kv inspect data --check               only what is wrong; exit code 1 if anything is
  kv inspect data/l0/sst-1.sst          the map of its blocks, and its first records
  kv inspect data/l0/sst-1.sst --hex 4096
  kv inspect data/wal.db --records --json
`;
const HEX_BYTES = 4096;

/** @param stdout where results go */
export function inspectCommand(stdout: NodeJS.WritableStream = process.stdout): Command {
  return new Command('inspect')
    .description('Show what is in a data folder, or in one of its files.')
    .argument('<path>', 'a data folder, or a file')
    .option('--check', 'only what is wrong, with an exit code')
    .option('--records', 'all records of a file, not only the first ones')
    .option('--hex [offset]', `the bytes of a file, ${HEX_BYTES} of them, from this offset on`)
    .addOption(new Option('--as <kind>', 'what a file of another name is').choices(KINDS))
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(async (path: string, flags: InspectFlags) => {
      const target = openTarget(path);
      const lines = await (target.file === undefined
        ? inspectFolder(target, flags)
        : inspectFile(target, target.file, flags));
      stdout.write(lines.map((line) => `${line}\n`).join(''));
    });
}

async function inspectFolder(target: Target, flags: InspectFlags): Promise<string[]> {
  for (const flag of ['records', 'hex', 'as'] as const) {
    if (flags[flag] !== undefined)
      throw new UsageError(`--${flag} is for a file, not for a folder`);
  }
  const folder = await readFolder(target);
  const findings = checkFolder(folder);
  setExitCode(flags, findings);
  if (flags.json === true) return asJson(folderDocument(folder, findings));
  return flags.check === true ? showFindings(findings).slice(1) : showFolder(folder, findings);
}

async function inspectFile(target: Target, path: string, flags: InspectFlags): Promise<string[]> {
  const bytes = await readTarget(target, path);
  if (typeof bytes === 'string') throw new UsageError(bytes);
  if (flags.hex !== undefined) return hexLines(bytes, flags.hex);
  const kind = flags.as ?? kindOfName(path) ?? kindOfBytes(bytes);
  if (kind === undefined) {
    throw new UsageError(`${target.name}: say what it is with --as ${KINDS.join('|')}`);
  }
  const content = contentOf(kind, bytes);
  const file = {path: target.name, sizeBytes: bytes.length};
  const findings = [
    ...findingsOf(target.name, problemsOf(content)),
    ...(await besideIts(target, path, content)),
  ];
  setExitCode(flags, findings);
  if (flags.json === true) return asJson(fileDocument(file, content, findings));
  if (flags.check === true) return showFindings(findings).slice(1);
  const allRecords = flags.records === true;
  return [...showFile({file, content, allRecords}), ...showFindings(findings)];
}

/** Of a Bloom filter: whether it denies keys of the SSTable beside it. */
async function besideIts(target: Target, path: string, content: Content): Promise<Finding[]> {
  const tablePath = path.replace(/\.bloom$/, '.sst');
  if (content.kind !== 'filter' || tablePath === path) return [];
  const bytes = await readTarget(target, tablePath);
  const table = typeof bytes === 'string' ? undefined : contentOf('block-table', bytes);
  if (table?.kind !== 'table') return [];
  const keys = table.records.map(({key}) => key);
  return denials(target.name, tablePath, content.filter, keys);
}

function problemsOf(content: Content): readonly Problem[] {
  switch (content.kind) {
    case 'manifest':
      return content.manifest.problems;
    case 'log':
      return content.log.problems;
    case 'table':
      return content.problems;
    case 'filter':
      return content.filter.problems;
    case 'other':
    default:
      return [];
  }
}

function setExitCode({check}: InspectFlags, findings: readonly Finding[]): void {
  if (check !== true) return;
  const severities = new Set(findings.map(({severity}) => severity));
  if (severities.has('error')) process.exitCode = EXIT.fail;
  else if (severities.has('unread')) process.exitCode = EXIT.inconclusive;
}

function hexLines(bytes: Buffer, offset: string | true): string[] {
  const text = offset === true ? '0' : offset;
  if (!/^(0x[0-9a-f]{1,8}|[0-9]{1,12})$/i.test(text)) {
    throw new UsageError(`--hex ${text}: expected an offset, such as 4096 or 0x1000`);
  }
  const start = Number(text);
  if (start > bytes.length) {
    throw new UsageError(`--hex ${text}: the file has ${bytes.length} bytes`);
  }
  return Array.from(hexDump(bytes.subarray(start, start + HEX_BYTES), start));
}

function asJson(document: object): string[] {
  return [JSON.stringify(document, undefined, 2)];
}
