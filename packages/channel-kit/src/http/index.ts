/** Calls to a platform that tell whether they left. */
export { type Exchange, fetchText, openStream, type TextAnswer, TransportError } from "./call.ts";
