import type { Credentials } from '../credentials.ts';
import { adminAccount } from './admin-account.ts';
import { clientAccount } from './client-account.ts';

export const credentials: Credentials = {
  types: { admin: adminAccount, client: clientAccount },
};
