/** A word that may stand at the cursor. */
export interface Proposal {
  readonly value: string;
  readonly description?: string;
}

/** The shell itself completes names of files; a word of ours never starts with a colon. */
export const files = ':files';

export type Proposals = readonly Proposal[] | typeof files;

/** One a line, with a tab before the description, as the scripts for the shells read it. */
export function proposalText(proposals: Proposals): string {
  if (proposals === files) return `${files}\n`;
  return proposals
    .map(({ value, description = '' }) => `${value}\t${oneLine(description)}\n`)
    .join('');
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
