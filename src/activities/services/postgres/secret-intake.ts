import { fileVariables } from '../common/file-variables.ts';

/** The common images read it at the first start of an empty volume; a password that is set stays set. */
export const secretIntake = fileVariables(/^POSTGRES_PASSWORD$/);
