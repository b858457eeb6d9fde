/** What `npm run build` writes into compiled code in place of this file's value. */
export interface Build {
  /** In full; absent outside of a repository, and when files had been changed since. */
  readonly commit?: string;
}

/** Undefined where the sources run as they are. */
export const build = undefined as Build | undefined;
