/** How the HTTP side says no: always `{ error: { code, message, action, retryable } }`, however far a request came. */
import type { Socket } from "node:net";
import { SwitchboardError, toSwitchboardError } from "@switchboard/domain";

/** The body of an answer that is an error. */
export function errorBody({ code, message, action, retryable }: SwitchboardError): object {
  return { error: { code, message, action, retryable } };
}

/** What the framework threw, or one of our own, as one of the error table. */
export function fromFastify(thrown: unknown): SwitchboardError {
  if (thrown instanceof SwitchboardError) return thrown;
  const { code, statusCode: status } = thrown as { code?: unknown; statusCode?: unknown };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return new SwitchboardError("REQ_003", "The body is larger than this route takes.");
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE")
    return new SwitchboardError("REQ_001", "This address does not take a body of this Content-Type.", {
      action: "Send JSON, with the header Content-Type: application/json.",
    });
  if (code === "FST_ERR_BAD_URL") return new SwitchboardError("REQ_001", "The address is not well encoded.");
  if (code === "FST_ERR_MAX_PARAM_LENGTH") return new SwitchboardError("REQ_002", "There is nothing at this address.");
  if (typeof status === "number" && status >= 400 && status < 500) {
    return new SwitchboardError("REQ_001", thrown instanceof Error ? thrown.message : "Invalid request.");
  }
  return toSwitchboardError(thrown);
}

/** Answers what could not be read as a request at all, and closes the line. */
export function answerUnreadable(thrown: Error, socket: Socket): void {
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === "ECONNRESET" || socket.destroyed) return;
  const [status, error] = unreadable(code);
  const body = JSON.stringify(errorBody(error));
  // Nothing is read of an answer that was begun already.
  if (socket.writable && socket.bytesWritten === 0) {
    socket.write(
      `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nConnection: close\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

function unreadable(code: string | undefined): readonly [status: string, error: SwitchboardError] {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return ["408 Request Timeout", new SwitchboardError("REQ_001", "The request did not come whole in time.")];
  if (code === "HPE_HEADER_OVERFLOW")
    return ["431 Request Header Fields Too Large", new SwitchboardError("REQ_003", "The headers are too long.")];
  return ["400 Bad Request", new SwitchboardError("REQ_001", "This is no valid HTTP request.")];
}
