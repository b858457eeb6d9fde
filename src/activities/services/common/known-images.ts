import type { SecretIntake } from '../kind.ts';
import { fileVariables } from './file-variables.ts';

/** Well-known images of services that have no kind of their own. */
const known: readonly { readonly image: RegExp; readonly intake: SecretIntake }[] = [
  // Every setting of Grafana, with two underscores.
  {
    image: /(?:^|\/)grafana(?:-enterprise|-oss)?(?:[:@]|$)/,
    intake: fileVariables(/^GF_[A-Z0-9_]+$/, (variable) => `${variable}__FILE`),
  },
  {
    image: /(?:^|\/)(?:mysql|mariadb)(?:[:@]|$)/,
    intake: fileVariables(/^(?:MYSQL|MARIADB)_(?:ROOT_)?PASSWORD$/),
  },
];

export const intakeOfImage = (image: string): SecretIntake | undefined =>
  known.find((one) => one.image.test(image))?.intake;
