/** What the two wire protocols have in common for the server. */
import type { ModelMessage, ModelRequest } from "./behaviour.ts";

/** An answer with everything decided. */
export interface WholeAnswer {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly thinking: string;
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly input: string }[];
  readonly finish: string;
  readonly usage: { readonly input: number; readonly output: number } | undefined;
  readonly pieceLength: number | undefined;
}

/** A stream's frames as they go over the wire. */
export interface Frames {
  readonly opening: string;
  readonly pieces: readonly string[];
  readonly closing: string;
}

export interface Dialect {
  /** Understands a request as strictly as the real services do. @throws RequestProblem */
  read(body: Record<string, unknown>): Omit<ModelRequest, "number" | "protocol" | "headers" | "body">;
  frames(answer: WholeAnswer): Frames;
  document(answer: WholeAnswer): unknown;
  /** The body of an HTTP error. */
  failure(status: number, message: string, code: string | undefined): unknown;
  /** The error event of a stream. */
  failureFrame(type: string, message: string): string;
  readonly keepAlive: string;
  readonly truncatedFrame: string;
  readonly garbageFrame: string;
}

/** A request that the real service would refuse. */
export class RequestProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(message: string, options: { status?: number; code?: string } = {}) {
    super(message);
    this.name = "RequestProblem";
    this.status = options.status ?? 400;
    this.code = options.code ?? "invalid_request_error";
  }
}

export function textOfLastUser(messages: readonly ModelMessage[]): string {
  return messages.findLast((message) => message.role === "user")?.text ?? "";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws RequestProblem */
export function recordsOf(value: unknown, what: string): Record<string, unknown>[] {
  if (!Array.isArray(value) || !value.every(isRecord)) throw new RequestProblem(`${what}: should be a list of objects`);
  return value;
}

/** @throws RequestProblem */
export function stringOf(value: unknown, what: string): string {
  if (typeof value !== "string") throw new RequestProblem(`${what}: should be a string`);
  return value;
}
