/** A statement that prints its rows as one JSON list. */
export const rowsAsJson = (query: string): string =>
  `SELECT coalesce(json_agg(row_to_json(q)), '[]') FROM (${query}) AS q;`;
