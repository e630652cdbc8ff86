/**
 * A mutant: a reference server with one bug planted, as a student might have
 * written it. It is described by edits to the reference's source, so that it
 * stays a small variation of it, whatever the reference becomes.
 */
export interface Mutant extends Variant {
  /** The check that must fail it, and that must be the first to do so. */
  readonly caughtBy: string;
  /** Its card depends on the moment of a crash. @default false */
  readonly isTimed?: boolean;
  /**
   * What its card tells depends on the order in which concurrent requests come, or
   * on which of several crashes hits. @default false
   */
  readonly isRaced?: boolean;
}

/** A reference server that has been edited. */
export interface Variant {
  /** In kebab case; names its golden failure card too. */
  readonly name: string;
  /** The week whose reference is edited, and the week that it is graded as. */
  readonly week: number;
  /** What is wrong, or at least different, in one line. */
  readonly bug: string;
  readonly edits: readonly Edit[];
}

export interface Edit {
  /** Path in the workshop, or, for a file of the week, in its `src/`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/**
 * The source with one edit made.
 * @throws Error if the text to replace is not there exactly once: the reference has changed
 */
export function applyEdit(source: string, edit: Edit, mutant: string): string {
  const parts = source.split(edit.find);
  if (parts.length !== 2) {
    throw new Error(
      `mutant ${mutant}: expected exactly one occurrence in ${edit.file}, found ${parts.length - 1}, of:\n${edit.find}`,
    );
  }
  return parts.join(edit.replace);
}
