/** Takes what is for `/auth`, where people sign in; loaded when somebody first comes there. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { People, Surroundings } from "./people.ts";

const PREFIX = "/auth/";

export interface AuthListenerOptions extends Surroundings {
  readonly people: People;
  /** Answers a request that could not be taken. */
  refuse(thrown: unknown, request: IncomingMessage, response: ServerResponse): void;
}

/** Says whether it took the request. */
export function authListener({ people, refuse, ...surroundings }: AuthListenerOptions) {
  let loading: Promise<RequestListener> | undefined;
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (!request.url?.startsWith(PREFIX)) return false;
    loading ??= import("./app.ts").then(({ createAuthApp }) => createAuthApp(people, surroundings));
    loading.then(
      (listener) => listener(request, response),
      (error: unknown) => {
        // A failure is not kept: the next request tries again.
        loading = undefined;
        refuse(error, request, response);
      },
    );
    return true;
  };
}
