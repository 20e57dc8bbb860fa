/** Credentials that expire. */
export { Renewal, type RenewalOptions, type Renewed } from "./renewal.ts";
