import { fileVariables } from '../common/file-variables.ts';

/**
 * The common images read it at the first start of an empty volume, for the role and the database that they make then; a
 * password that is set stays set.
 */
export const secretIntake = fileVariables(/^POSTGRES_PASSWORD$/, (_, { variables }) => {
  const role = variables.get('POSTGRES_USER') || 'postgres';
  const database = variables.get('POSTGRES_DB') || role;
  return { type: 'role', account: { role, database }, takes: 'start' };
});
