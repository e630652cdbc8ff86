import type {BenchTable} from './table.ts';

export interface Bench {
  /** What one types: `pnpm bench NAME`. */
  readonly name: string;
  /** One line, for the list. */
  readonly summary: string;
  /** Whether it, and all that it starts, stays on one core. */
  readonly isPinned: boolean;
  readonly run: (context: BenchContext) => Promise<BenchTable[]>;
  /** What a chapter quotes of it. @param selector the words behind the name in the chapter's mark */
  readonly excerpt?: (tables: readonly BenchTable[], selector: string) => BenchTable[];
}

export interface BenchContext {
  readonly rounds: number;
  /** Says how far it is: benches take minutes. */
  readonly progress: (text: string) => void;
}
