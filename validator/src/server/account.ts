/** As whom the commands of a project run, if not as the grader itself. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** In place of the grader's own, which may hold secrets. */
  readonly environment: Readonly<Record<string, string>>;
}
