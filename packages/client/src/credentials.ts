/** Which secrets a client shows when it connects, and what it learns from the answer. */
import type { ConnectAuth, HelloOk, SwitchboardError } from "@switchboard/protocol";
import type { Credential, GatewayClientOptions } from "./options.ts";
import { memoryTokenStore, type TokenKey, type TokenStore } from "./token-store.ts";

/** What was at hand for an attempt. */
interface Hand {
  readonly token: string | undefined;
  readonly bootstrapToken: string | undefined;
  readonly deviceToken: string | undefined;
  /** `deviceToken` comes from the store. */
  readonly stored: boolean;
}

export class Credentials {
  readonly #options: GatewayClientOptions;
  readonly #store: TokenStore;
  readonly #key: TokenKey;
  #hand: Hand | undefined;
  /** Show the device's token beside the gateway's. */
  #both = false;
  /** The stored token was refused; until there is a new one. */
  #stale = false;

  /** `gateway`: the first address. */
  constructor(options: GatewayClientOptions, gateway: string) {
    this.#options = options;
    this.#store = options.tokenStore ?? memoryTokenStore();
    this.#key = { gateway, role: options.role ?? "operator" };
  }

  /**
   * The gateway's token, else the device's, else the one for pairing; the password whenever there is one. `trusted`:
   * who is asked is certain to be the gateway.
   */
  async select(trusted: boolean): Promise<ConnectAuth | undefined> {
    const options = this.#options;
    const token = await secretOf(options.token);
    const explicit = await secretOf(options.deviceToken);
    // Without its key a device's token is worth nothing.
    const kept =
      explicit === undefined && options.device && !this.#stale ? await this.#store.read(this.#key) : undefined;
    const deviceToken = explicit ?? kept?.token;
    const bootstrapToken = await secretOf(options.bootstrapToken);
    const password = await secretOf(options.password);
    this.#hand = { token, bootstrapToken, deviceToken, stored: kept !== undefined };
    const first = token ?? deviceToken;
    const auth: ConnectAuth = {
      ...(first !== undefined && { token: first }),
      ...(this.#both && trusted && token !== undefined && deviceToken !== undefined && { deviceToken }),
      ...(first === undefined && bootstrapToken !== undefined && { bootstrapToken }),
      ...(password !== undefined && { password }),
    };
    return Object.keys(auth).length > 0 ? auth : undefined;
  }

  /** Keeps what hello-ok gave. Resolves when it is kept. */
  async keep({ auth }: HelloOk): Promise<void> {
    const { deviceToken, deviceTokens = [], issuedAtMs = Date.now(), role, scopes } = auth;
    if (!this.#options.device) return;
    const mine = deviceToken === undefined ? [] : [{ deviceToken, role, scopes, issuedAtMs }];
    if (mine.length > 0) this.#stale = false;
    for (const { deviceToken: token, ...rest } of [...mine, ...deviceTokens]) {
      await this.#store.write({ ...this.#key, role: rest.role }, { token, ...rest });
    }
  }

  /**
   * Whether to try once more at once, with other secrets. The device's token goes beside one that was wrong only to an
   * endpoint that is certain to be the gateway: `trusted`.
   */
  tryAgain({ details }: SwitchboardError, trusted: boolean): boolean {
    const hand = this.#hand;
    if (!hand) return false;
    if (details?.code === "AUTH_TOKEN_MISMATCH" && details.canRetryWithDeviceToken === true && !this.#both) {
      this.#both = trusted && hand.token !== undefined && hand.deviceToken !== undefined;
      return this.#both;
    }
    if (details?.code !== "AUTH_DEVICE_TOKEN_MISMATCH" || !hand.stored || this.#stale) return false;
    this.#stale = true;
    void Promise.resolve(this.#store.forget(this.#key)).catch(() => {});
    return hand.token === undefined && hand.bootstrapToken !== undefined;
  }
}

async function secretOf(credential: Credential | undefined): Promise<string | undefined> {
  const value = typeof credential === "function" ? await credential() : credential;
  return value === "" ? undefined : value;
}
