export { type Lies, type OpenIdProvider, type Somebody, startOpenIdProvider } from "./provider.ts";
