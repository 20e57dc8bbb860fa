/** What became of requests, for devices that wait while they are connected. */
import type { TenantId } from "@switchboard/domain";
import type { Clock } from "../ports/index.ts";
import type { DeviceEvent, DeviceListener } from "./events.ts";
import type { DeviceRequest } from "./records.ts";
import { REQUEST_TTL_MS } from "./requests.ts";

export type Decision = "approved" | "rejected" | "expired";

/** The latest decisions are remembered: a device may ask after one was made. */
const REMEMBERED = 200;

export class Decisions {
  readonly #known = new Map<string, { readonly device: string; readonly decision: Decision }>();

  note({ decision, request }: DeviceEvent & { readonly type: "resolved" }): void {
    this.#known.set(request.id, {
      device: request.device,
      decision: decision === "approved" ? "approved" : "rejected",
    });
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }

  find(id: string, device: string): Decision | undefined {
    const known = this.#known.get(id);
    return known?.device === device ? known.decision : undefined;
  }
}

export function awaitDecision(
  ports: {
    readonly clock: Clock;
    readonly decided: Decisions;
    readonly devices: {
      requests(tenant: TenantId): readonly DeviceRequest[];
      listen(listener: DeviceListener): () => void;
    };
  },
  { device, id, tenant }: { readonly tenant: TenantId; readonly id: string; readonly device: string },
  signal: AbortSignal,
): Promise<Decision> {
  const known = ports.decided.find(id, device);
  if (known) return Promise.resolve(known);
  const request = ports.devices.requests(tenant).find((each) => each.id === id && each.device === device);
  if (!request) return Promise.resolve("expired");
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      stop();
      cancel();
      signal.removeEventListener("abort", aborted);
      settle();
    };
    const stop = ports.devices.listen((event) => {
      if (event.type !== "resolved" || event.request.id !== id) return;
      end(() => resolve(event.decision === "approved" ? "approved" : "rejected"));
    });
    const dies = request.refreshedAt + REQUEST_TTL_MS - ports.clock.now();
    const cancel = ports.clock.after(Math.max(0, dies), () => end(() => resolve("expired")));
    const aborted = () => end(() => reject(signal.reason));
    signal.addEventListener("abort", aborted);
  });
}
