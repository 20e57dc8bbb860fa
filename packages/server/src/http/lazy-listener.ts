/** Stands before the HTTP framework and takes the requests of a part that is loaded when somebody first asks for it. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

export interface LoadedPart {
  readonly listener: RequestListener;
  /** Once it resolves, nothing of the part is under way. */
  close(): Promise<void>;
}

export interface LazyListener {
  /** Takes a request if it is for the part and says so; every other is somebody else's. */
  takes(request: IncomingMessage, response: ServerResponse): boolean;
  /** As the part's own; what was never loaded has nothing to end. */
  close(): Promise<void>;
}

/** Answers a request that could not be taken. */
export type Refuse = (thrown: unknown, request: IncomingMessage, response: ServerResponse) => void;

/** `isFor` looks at a path, without its query. */
export function lazyListener(
  isFor: (path: string) => boolean,
  load: () => Promise<LoadedPart>,
  refuse: Refuse,
): LazyListener {
  let loading: Promise<LoadedPart> | undefined;
  return {
    takes(request, response) {
      if (!isFor(request.url?.split("?")[0] ?? "")) return false;
      loading ??= load();
      loading.then(
        ({ listener }) => listener(request, response),
        (error: unknown) => {
          // A failure is not kept: the next request tries again.
          loading = undefined;
          refuse(error, request, response);
        },
      );
      return true;
    },
    async close() {
      const loaded = await loading?.catch(() => undefined);
      await loaded?.close();
    },
  };
}
