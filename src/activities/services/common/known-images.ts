import { unknown } from '../../../shared/secrets/variable-account.ts';
import type { SecretIntake } from '../kind.ts';
import { fileVariables } from './file-variables.ts';

const noAccounts: SecretIntake['opens'] = (variable) =>
  unknown(`no kind of service knows the account that ${variable} is for`);

/** Well-known images of services that have no kind of their own. */
const known: readonly { readonly image: RegExp; readonly intake: SecretIntake }[] = [
  // Every setting of Grafana, with two underscores.
  {
    image: /(?:^|\/)grafana(?:-enterprise|-oss)?(?:[:@]|$)/,
    intake: fileVariables(/^GF_[A-Z0-9_]+$/, noAccounts, (variable) => `${variable}__FILE`),
  },
  {
    image: /(?:^|\/)(?:mysql|mariadb)(?:[:@]|$)/,
    intake: fileVariables(/^(?:MYSQL|MARIADB)_(?:ROOT_)?PASSWORD$/, noAccounts),
  },
];

export const intakeOfImage = (image: string): SecretIntake | undefined =>
  known.find((one) => one.image.test(image))?.intake;
