/** What to say of a setting that has no value: there is no such thing, or nobody has set it. */
import { namesAt, nearest, SwitchboardError } from "@switchboard/domain";
import { Config } from "@switchboard/protocol";
import { getAt } from "./config-path.ts";

/** `config`: what is in force, as far as the reader may see it. Nothing stands there at `path`. */
export function noSetting(config: unknown, path: string): SwitchboardError {
  const steps = path.split(".").filter((step) => step !== "");
  const known = (place: readonly string[]) => [...new Set([...namesAt(Config, place), ...namesIn(config, place)])];
  const wrong = steps.findIndex((step, index) => !known(steps.slice(0, index)).includes(step));
  if (wrong === -1) {
    return new SwitchboardError("REQ_002", `${path} is not set.`, {
      action: `Set it if you need it: switchboard config set ${path} <value>.`,
    });
  }
  const place = steps.slice(0, wrong);
  const meant = nearest(steps[wrong] ?? "", known(place));
  const command = ["switchboard config get", [...place, ...(meant === undefined ? [] : [meant])].join(".")];
  return new SwitchboardError("REQ_002", `There is no setting ${[...place, steps[wrong]].join(".")}.`, {
    action: `${meant === undefined ? "See what there is" : "Perhaps you mean this one"}: ${command.join(" ").trim()}`,
  });
}

function namesIn(config: unknown, place: readonly string[]): string[] {
  const there = place.length === 0 ? config : getAt(config, place.join("."));
  return typeof there === "object" && there !== null ? Object.keys(there) : [];
}
