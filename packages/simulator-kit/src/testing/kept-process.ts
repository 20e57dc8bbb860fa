/** A simulator in a process of its own, to be killed. */
import { fork } from "node:child_process";
import { once } from "node:events";

export interface KeptProcess<Told> {
  /** What the script sent when it was up. */
  readonly told: Told;
  /** SIGKILL. Resolves when it is gone; also when it was before. */
  kill(): Promise<void>;
}

/** `script` gets the file and the port (0: any that is free) as arguments, and sends one message when it is up. */
export async function keptProcess<Told>(script: string, file: string, port = 0): Promise<KeptProcess<Told>> {
  const child = fork(script, [file, String(port)], { execArgv: ["--conditions=@switchboard/source"] });
  const [told] = (await once(child, "message")) as [Told];
  return {
    told,
    async kill() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}
