/** Takes what is for the REST API. */
import { type LazyListener, lazyListener, type Refuse } from "../http/lazy-listener.ts";
import type { RestOptions } from "./app.ts";
import { API_PREFIX } from "./prefix.ts";

export function restListener({ refuse, ...options }: RestOptions & { readonly refuse: Refuse }): LazyListener {
  const isFor = (path: string) => path === API_PREFIX || path.startsWith(`${API_PREFIX}/`);
  return lazyListener(isFor, async () => (await import("./app.ts")).createRestApp(options), refuse);
}
