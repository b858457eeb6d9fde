import { z } from 'zod';

/** Longer names are cut by the server without an error: two names could become one. */
const maxNameBytes = 63;

const fits = (name: string) => Buffer.byteLength(name) <= maxNameBytes;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a name must not have
const isPrintable = (name: string) => name.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(name);

/** A name in PostgreSQL: any printable text of at most 63 bytes; it is quoted wherever it becomes SQL. */
const pgName = (what: string) =>
  z
    .string()
    .min(1, { error: `expected the name of a ${what}` })
    .refine(fits, { error: `expected the name of a ${what} of at most ${maxNameBytes} bytes` })
    .refine(isPrintable, { error: `expected the name of a ${what} without control characters` });

export const RoleName = pgName('role');
export const DatabaseName = pgName('database');

/** As an identifier in a statement. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** As a text in a statement; `E''` means the same whatever the server's standard_conforming_strings says. */
export const literal = (text: string): string =>
  `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
