/** How answers and progress are shown; the words of flags, variables and configuration files. */
export const outputFormats = ['text', 'json', 'jsonl'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export const colourModes = ['auto', 'always', 'never'] as const;
export type ColourMode = (typeof colourModes)[number];

export const progressModes = ['auto', 'live', 'lines', 'json', 'none'] as const;
export type ProgressMode = (typeof progressModes)[number];
