/** A gateway whose webhook calls pass through a recording proxy. */
import { startTestGateway, type TestGateway, type TestGatewayOptions } from "./gateway.ts";
import { type RecordingProxy, startRecordingProxy } from "./recording-proxy.ts";

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
