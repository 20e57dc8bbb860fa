/** Where the tokens are kept that a gateway gives a device once it is approved. */

/** Which token: of one gateway, for one role. */
export interface TokenKey {
  /** The gateway's first address, as `gatewayAddress` writes it. */
  readonly gateway: string;
  readonly role: string;
}

export interface DeviceToken {
  readonly token: string;
  readonly role: string;
  readonly scopes: readonly string[];
  /** Unix milliseconds. */
  readonly issuedAtMs: number;
}

/** May answer at once or later. */
export interface TokenStore {
  read(key: TokenKey): DeviceToken | undefined | Promise<DeviceToken | undefined>;
  /** Replaces the one before. */
  write(key: TokenKey, token: DeviceToken): void | Promise<void>;
  /** The gateway does not accept it any more. */
  forget(key: TokenKey): void | Promise<void>;
}

/** Keeps them for as long as the program runs. */
export function memoryTokenStore(): TokenStore {
  const tokens = new Map<string, DeviceToken>();
  const nameOf = ({ gateway, role }: TokenKey) => `${gateway} ${role}`;
  return {
    read: (key) => tokens.get(nameOf(key)),
    write(key, token) {
      tokens.set(nameOf(key), token);
    },
    forget(key) {
      tokens.delete(nameOf(key));
    },
  };
}
