/** The gateway as the sandbox sees it: a process that somebody else starts, watches and starts again. */

export type GatewayState = "starting" | "running" | "down";

export interface GatewayHandle {
  /** Where it listens; `undefined` until it first did. */
  url(): string | undefined;
  /** Stays on the server: pages get a session cookie, made from it. */
  readonly token: string;
  state(): GatewayState;
  /** Ends it as `kill -9` does. Resolves when it is gone. Whether it comes back by itself is its owner's choice. */
  kill(): Promise<void>;
  /** Ends it in good order and starts it again; starts it when it is down. */
  restart(): Promise<void>;
  /** Called when `state()` or `url()` changed. Returns how to stop. */
  onChange(listener: () => void): () => void;
}
