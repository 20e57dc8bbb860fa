export type * from "./behaviour.ts";
export { behaveByWords } from "./by-words.ts";
export { type ModelServer, type ModelServerOptions, startModelServer } from "./server.ts";
