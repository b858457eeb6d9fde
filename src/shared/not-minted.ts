/** The version of a rotation in a plan: nothing has been minted, so there is nothing to look for. */
export const notMinted = '';
