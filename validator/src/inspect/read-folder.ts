/**
 * Reads a data folder, file by file. Of each file only a summary is kept, so that
 * memory does not grow with the data.
 */
import {type Content, contentOf, kindOfName, otherKind} from './content.ts';
import {denials} from './denials.ts';
import {type Finding, findingsOf, note, unread} from './findings.ts';
import {filterPathOf, isManifest, type Layout, type ListedPath, readLayout} from './layout.ts';
import {readTarget, type Target} from './open-target.ts';
import {
  type FileSummary,
  type FilterSummary,
  type LogSummary,
  summarizeFilter,
  summarizeLog,
  summarizeTable,
  type TableSummary,
} from './summaries.ts';

export interface Folder extends Pick<Layout, 'name' | 'week' | 'manifest' | 'unreadManifest'> {
  /** In the order of a replay. */
  readonly logs: readonly LogSummary[];
  /** As listed: L0 first, from the oldest to the newest; below it by key. */
  readonly tables: readonly PlacedTable[];
  readonly unlisted: readonly TableSummary[];
  readonly others: readonly OtherFile[];
  /** About what is in single files. */
  readonly findings: readonly Finding[];
}

/** An SSTable that MANIFEST lists. */
export interface PlacedTable extends Omit<ListedPath, 'path'> {
  /** Undefined if it is not there, or could not be read. */
  readonly table: TableSummary | undefined;
  /** It is there, and could not be read: a finding says why. */
  readonly isUnread?: true;
}

interface OtherFile extends FileSummary {
  readonly what: string;
}

export async function readFolder(target: Target): Promise<Folder> {
  return new FolderReader(await readLayout(target)).read();
}

class FolderReader {
  readonly #layout: Layout;
  readonly #findings: Finding[] = [];
  readonly #logs: LogSummary[] = [];
  readonly #tables = new Map<string, TableSummary>();
  readonly #others: OtherFile[] = [];

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  async read(): Promise<Folder> {
    const {name, week, manifest, unreadManifest, files, logs, listed, unlisted} = this.#layout;
    if (manifest !== undefined) {
      this.#findings.push(...findingsOf(manifest.path, manifest.problems));
    }
    for (const {path, isRegular} of files) {
      if (!isRegular) this.#findings.push(note(path, 'not a regular file: it is not opened'));
      else if (path !== manifest?.path) await this.#visit(path);
    }
    return {
      name,
      week: week === 3 && this.#hasDeletes() ? 4 : week,
      manifest,
      unreadManifest,
      logs: logs.flatMap((path) => this.#logs.find((log) => log.path === path) ?? []),
      tables: listed.map((place) => this.#placed(place)),
      unlisted: unlisted.flatMap((path) => this.#tables.get(path) ?? []),
      others: this.#others,
      findings: this.#findings.map((finding) => withoutWeight(finding, unlisted)),
    };
  }

  async #visit(path: string): Promise<void> {
    const kind = kindOfName(path);
    // That of an SSTable is read with it.
    if (kind === 'filter' && this.#has(path.replace(/\.bloom$/, '.sst'))) return;
    const bytes = await this.#bytes(path);
    if (bytes === undefined) return;
    const file = {path, sizeBytes: bytes.length};
    if (kind === undefined) this.#others.push({...file, what: otherKind(path)});
    else await this.#add(file, contentOf(kind, bytes));
  }

  async #add(file: FileSummary, content: Content): Promise<void> {
    const {path} = file;
    switch (content.kind) {
      case 'log':
        this.#findings.push(...findingsOf(path, content.log.problems));
        this.#logs.push(summarizeLog(file, content.log));
        break;
      case 'table': {
        this.#findings.push(...findingsOf(path, content.problems));
        const keys = content.records.map(({key}) => key);
        this.#tables.set(path, summarizeTable(file, content, await this.#filterOf(path, keys)));
        break;
      }
      case 'manifest':
        this.#others.push({...file, what: isManifest(path) ? 'an older MANIFEST' : 'a MANIFEST'});
        break;
      case 'filter':
        this.#others.push({...file, what: 'a Bloom filter without its SSTable'});
        break;
      case 'other':
      default:
        this.#others.push({...file, what: content.what});
        break;
    }
  }

  /** @param keys of its SSTable: it must deny none of them */
  async #filterOf(tablePath: string, keys: readonly string[]): Promise<FilterSummary | undefined> {
    const path = filterPathOf(tablePath);
    if (path === tablePath || !this.#has(path)) return undefined;
    const bytes = await this.#bytes(path);
    const content = bytes && contentOf('filter', bytes);
    if (bytes === undefined || content?.kind !== 'filter') return undefined;
    this.#findings.push(...findingsOf(path, content.filter.problems));
    this.#findings.push(...denials(path, tablePath, content.filter, keys));
    return summarizeFilter({path, sizeBytes: bytes.length}, content.filter);
  }

  #placed({path = '', ...place}: ListedPath): PlacedTable {
    const table = this.#tables.get(path);
    const isUnread = table === undefined && this.#has(path);
    return {...place, table, ...(isUnread ? {isUnread} : {})};
  }

  /** Undefined, with a finding, if it cannot be read. */
  async #bytes(path: string): Promise<Buffer | undefined> {
    const bytes = await readTarget(this.#layout, path);
    if (typeof bytes !== 'string') return bytes;
    this.#findings.push(unread(path, undefined, bytes));
    return undefined;
  }

  /** Which is all that tells the files of week 4 from those of week 3. */
  #hasDeletes(): boolean {
    const tables = Array.from(this.#tables.values());
    return (
      tables.some(({tombstones}) => tombstones > 0) || this.#logs.some(({deletes}) => deletes > 0)
    );
  }

  #has(path: string): boolean {
    return this.#layout.files.some((file) => file.path === path && file.isRegular);
  }
}

/** What a crash has left half-written, and nobody lists, need not be in order. */
function withoutWeight(finding: Finding, unlisted: readonly string[]): Finding {
  const isOf = (path: string) => [path, filterPathOf(path)].includes(finding.path);
  return unlisted.some(isOf) ? {...finding, severity: 'note'} : finding;
}
