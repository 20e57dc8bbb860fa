/** Stands before the HTTP framework and takes what is for the REST API, which is loaded when somebody first asks for it. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { RestOptions } from "./app.ts";

const PREFIX = "/api/v1";

export interface RestListener {
  /** Takes a request if it is for the API and says so; every other is somebody else's. */
  takes(request: IncomingMessage, response: ServerResponse): boolean;
  /** Once it resolves, nothing of the API is under way. */
  close(): Promise<void>;
}

export interface LoadedApi {
  readonly listener: RequestListener;
  close(): Promise<void>;
}

export interface RestListenerOptions extends RestOptions {
  /** Answers a request that the API could not take, e.g. because it does not load. */
  refuse(thrown: unknown, request: IncomingMessage, response: ServerResponse): void;
}

export function restListener(options: RestListenerOptions): RestListener {
  let loading: Promise<LoadedApi> | undefined;
  const load = async () => (await import("./app.ts")).createRestApp(options);
  return {
    takes(request, response) {
      if (!isForApi(request.url ?? "")) return false;
      loading ??= load();
      loading.then(
        ({ listener }) => listener(request, response),
        (error: unknown) => {
          // A failure is not kept: the next request tries again.
          loading = undefined;
          options.refuse(error, request, response);
        },
      );
      return true;
    },
    close: async () => (await loading)?.close(),
  };
}

function isForApi(url: string): boolean {
  if (!url.startsWith(PREFIX)) return false;
  const next = url[PREFIX.length];
  return next === undefined || next === "/" || next === "?";
}
