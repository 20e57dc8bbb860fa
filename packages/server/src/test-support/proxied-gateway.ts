/** A gateway whose webhook calls pass through a recording proxy. */
import { startTestGateway, type TestGateway, type TestGatewayOptions } from "./gateway.ts";
import { type Passed, type RecordingProxy, startRecordingProxy } from "./recording-proxy.ts";

export interface ProxiedGateway extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly proxy: RecordingProxy;
}

export async function startProxiedGateway(options: TestGatewayOptions = {}): Promise<ProxiedGateway> {
  let proxy: RecordingProxy | undefined;
  const gateway = await startTestGateway({
    ...options,
    account: { transport: "webhook", ...options.account },
    proxy: async (port) => {
      proxy = await startRecordingProxy(port);
      return proxy;
    },
  });
  if (!proxy) throw new Error("no proxy");
  const stop = proxy;
  return {
    gateway,
    proxy,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await stop[Symbol.asyncDispose]();
    },
  };
}

/** A call of the webhook as the platform makes it, with a message that was answered: to be sent again, or spoilt. */
export async function goodCall({ gateway, proxy }: ProxiedGateway): Promise<Passed> {
  const { conversation } = await gateway.simulator.say({ from: "Ada", text: "a good one" });
  await gateway.simulator.waitFor(({ text }) => text === "a good one", { conversation });
  const call = proxy.passed.find(({ body }) => body.includes("a good one"));
  if (!call) throw new Error("no call passed");
  return call;
}
