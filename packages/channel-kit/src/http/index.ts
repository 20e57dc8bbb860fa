/** Calls to a platform that tell whether they left. */
export { type Exchange, fetchText, openStream, type TextAnswer, TransportError } from "./call.ts";
export { type Called, type CallKind, failedCall, redactor, unanswered, type Verdict } from "./failures.ts";
export { checkSize, headerName, mediaStream, uploadBytes } from "./media.ts";
export { type Form, type FormField, type FormFile, multipart } from "./multipart.ts";
