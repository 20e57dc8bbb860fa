/** Takes what is for `/auth`, where people sign in. */
import { type LazyListener, lazyListener, type Refuse } from "../http/lazy-listener.ts";
import type { People, Surroundings } from "./people.ts";

interface AuthListenerOptions extends Surroundings {
  readonly people: People;
  readonly refuse: Refuse;
}

export function authListener({ people, refuse, ...surroundings }: AuthListenerOptions): LazyListener {
  const load = async () => (await import("./app.ts")).createAuthApp(people, surroundings);
  return lazyListener((path) => path.startsWith("/auth/"), load, refuse);
}
