/** What the model server is told to do with a request; the same words for both wire protocols. */
import type { Json } from "@switchboard/domain";

/** How fast an answer comes. */
export interface Pace {
  /** Wait before the first byte, headers included, in milliseconds. Default 0. */
  readonly firstDelayMs?: number;
  /** Wait between two pieces of a stream, in milliseconds. Default 0. */
  readonly delayMs?: number;
  /** Characters a piece, by default 16; `Infinity` sends the text as one. */
  readonly pieceLength?: number;
}

/** Where a stream goes wrong, after so many pieces of it. Without a stream it goes wrong at once. */
export interface Interruption {
  readonly afterPieces: number;
  readonly how: /** Nothing more comes, the connection stays open. */
    | "stall"
    /** As `stall`, but with the protocol's keep-alive every `delayMs` (default 20). */
    | "keep-alive"
    /** The socket is destroyed. */
    | "cut"
    /** The stream ends in good order without the protocol's end of an answer. */
    | "end"
    /** An event whose JSON stops in the middle, then the end of the stream. */
    | "truncated-json"
    /** An event that is no JSON, then the rest of the answer. */
    | "garbage"
    /** The protocol's error event, as `error`. */
    | "error";
  readonly error?: { readonly type: string; readonly message: string };
}

export interface ToolCall {
  readonly name: string;
  /** Text is sent as it is, so that it can be invalid. */
  readonly input: Json;
  readonly id?: string;
}

export interface Answer extends Pace {
  readonly type: "answer";
  readonly text?: string;
  readonly thinking?: string;
  readonly toolCalls?: readonly ToolCall[];
  /** Default `tools` when there are tool calls, else `stop`. Any other word is sent as it is. */
  readonly finish?: "stop" | "length" | "filtered" | "tools" | (string & {});
  readonly interruption?: Interruption;
  /** Default: about a token every four characters. `false` leaves it out. */
  readonly usage?: { readonly input: number; readonly output: number } | false;
  /** Answers in one JSON document although a stream was asked for. */
  readonly unstreamed?: boolean;
  readonly contentType?: string;
}

/** Says again what the newest user message said, behind `prefix`. */
export interface Echo extends Pace {
  readonly type: "echo";
  readonly prefix?: string;
}

/** A JSON value in the form the request asked for: as text, or as the call of its only forced tool. */
export interface JsonAnswer extends Pace {
  readonly type: "json";
  readonly value: Json;
}

/** An HTTP error in the protocol's form. */
export interface Failure {
  readonly type: "error";
  readonly status: number;
  readonly message?: string;
  /** The protocol's machine word, e.g. `context_length_exceeded` or `overloaded_error`. */
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly firstDelayMs?: number;
}

/** Any answer at all, byte by byte: pages of proxies, wrong content types, redirects. */
export interface Raw {
  readonly type: "raw";
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Takes the request and never answers. */
export interface Silence {
  readonly type: "silence";
}

/** Takes the request and destroys the socket. */
export interface HangUp {
  readonly type: "hang-up";
}

export type Behaviour = Answer | Echo | JsonAnswer | Failure | Raw | Silence | HangUp;

/** A behaviour, or what finds it for a request. */
export type Reaction = Behaviour | ((request: ModelRequest) => Behaviour);

export type WireProtocol = "openai" | "anthropic";

export interface ModelMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly text: string;
  /** Media types of the images in it. */
  readonly images: readonly string[];
  /** What an assistant message called. */
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly input: string }[];
  /** Which call a tool message answers. */
  readonly toolCallId?: string;
}

/** A request as the server understood it. */
export interface ModelRequest {
  /** 1-based. */
  readonly number: number;
  readonly protocol: WireProtocol;
  readonly model: string;
  readonly streamed: boolean;
  readonly messages: readonly ModelMessage[];
  /** Text of the newest user message. */
  readonly lastUserText: string;
  readonly tools: readonly string[];
  /** The tool the model has to call, or `none`. */
  readonly toolChoice?: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body as it came. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request and what became of it. */
export interface RecordedRequest extends ModelRequest {
  /** `abandoned`: the other side closed the connection before the answer was over. */
  readonly outcome: "running" | "answered" | "abandoned";
  /** The HTTP status it got, if any. */
  readonly status?: number;
}
