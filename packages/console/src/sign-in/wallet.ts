/** A wallet in the browser, as its extension offers it (EIP-1193). */
import { ask } from "./auth.ts";

interface Provider {
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

/** `undefined`: the browser has none. */
export function wallet(): Provider | undefined {
  return (globalThis as { readonly ethereum?: Provider }).ethereum;
}

/** Signs in, or adds the wallet to the account that is signed in. @throws with words for the person. */
export async function useWallet(purpose: "sign-in" | "add"): Promise<void> {
  const own = wallet();
  if (!own) throw new Error("This browser has no wallet.");
  const request = async (method: string, params: readonly unknown[] = []) =>
    own.request({ method, params }).catch(() => {
      throw new Error("The wallet did not agree. Try it again.");
    });
  const [address] = (await request("eth_requestAccounts")) as readonly string[];
  const chain = Number(await request("eth_chainId"));
  const { message = "" } = await ask("/wallet/message", { address, chain, ...(purpose === "add" && { add: true }) });
  const bytes = [...new TextEncoder().encode(message)];
  const hex = `0x${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const signature = await request("personal_sign", [hex, address]);
  await ask(`/wallet/${purpose}`, { signature });
}
