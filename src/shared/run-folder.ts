/**
 * What the name of a run's folder begins with. The workflow id comes from people (the UI's form takes any text): only
 * what may stand in a name is left of it.
 */
export const runFolderPrefix = (run: string): string =>
  `${run.replaceAll(/[^A-Za-z0-9-]+/g, '-').slice(0, 60)}.`;
