import { fileVariables } from '../common/file-variables.ts';

/** The server itself reads it at each start. */
export const secretIntake = fileVariables(/^MINIO_ROOT_PASSWORD$/);
