/** Pure decisions that a driver of the store needs in the middle of a transaction. Loads nothing else of the engine. */
export * from "./outbox/expired.ts";
export * from "./sessions/stretch.ts";
export * from "./turns/queueing.ts";
export * from "./turns/spoken.ts";
