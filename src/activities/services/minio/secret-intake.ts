import { unknown } from '../../../shared/secrets/variable-account.ts';
import { fileVariables } from '../common/file-variables.ts';

/** The server itself reads it at each start. */
export const secretIntake = fileVariables(/^MINIO_ROOT_PASSWORD$/, (_, { variables, members }) => {
  const user = variables.get('MINIO_ROOT_USER');
  if (user === undefined) return unknown('MINIO_ROOT_USER does not say whose password it is');
  // They log in to each other with it.
  if (members > 1) return unknown('the servers of MinIO take another one only all at once');
  return { type: 'root', account: { user }, takes: 'restart' };
});
