/** Alerts of a gateway (TEN-5). Loaded only where somebody is to be told. */
import { TELLING_MS, type TellPorts, tell } from "./tell.ts";
import { AlertWatch, type AlertWatchPorts } from "./watch.ts";

export interface AlertsPorts extends TellPorts {
  readonly engine: TellPorts["engine"] & AlertWatchPorts["engine"];
}

/** Resolves with what ends them. */
export function startAlerts(ports: AlertsPorts): Pick<AlertWatch, "stop"> {
  const watch = new AlertWatch({
    engine: ports.engine,
    log: ports.log,
    afterMs: ports.settings.afterMs,
    tellingMs: TELLING_MS,
    tell: (alert, signal) => tell(alert, ports, signal),
  });
  watch.start();
  return watch;
}
