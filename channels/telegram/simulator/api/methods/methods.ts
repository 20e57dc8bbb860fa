/** Finds methods by name as Telegram does: case does not matter. */
import { refusal } from "../../failure.ts";
import type { Method } from "../call.ts";
import { notSimulated } from "./not-simulated.ts";
import { simulated } from "./simulated.ts";

export const simulatedNames = Object.keys(simulated);

const byName: ReadonlyMap<string, Method> = new Map(
  Object.entries<Method>(simulated).map(([name, method]) => [name.toLowerCase(), method]),
);

const documented: ReadonlyMap<string, string> = new Map(
  Object.keys(notSimulated).map((name) => [name.toLowerCase(), name]),
);

/** Throws 404 for a method that there is not, and 400 for one that the simulator leaves out. */
export function findMethod(name: string): Method {
  const lower = name.toLowerCase();
  const method = byName.get(lower);
  if (method) return method;
  const left = documented.get(lower);
  if (left) throw refusal(400, `Bad Request: the simulator does not offer ${left}`);
  throw refusal(404, "Not Found: method not found");
}
