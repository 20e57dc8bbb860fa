/** Its name in the state directory. */
export const IDENTITY_FILE = "identity.db";
