/** Hands out setup codes (DEV-6): where the gateway is, for how long, and as a picture for a channel's media path. */
import { openAsBlob } from "node:fs";
import type { Devices, MediaStore, SetupDesk } from "@switchboard/core";
import { encodeSetupCode, type Reachability, setupUrls } from "@switchboard/protocol";
import { accessOf } from "../faces/device-shape.ts";
import { withQrPng } from "../qr/qr-file.ts";

/** Larger than any QR code drawn here. */
const MOST_PICTURE_BYTES = 1024 * 1024;

export interface SetupDeskOptions {
  readonly devices: Devices;
  readonly media: MediaStore;
  /** How the gateway can be reached at this moment. */
  readonly reachability: () => Promise<Reachability>;
  /** Of the gateway's own certificate, when it encrypts by itself. */
  readonly fingerprint: () => string | undefined;
}

export function createSetupDesk({ devices, fingerprint, media, reachability }: SetupDeskOptions): SetupDesk {
  return {
    async issue(tenant, { chat, event, onThisMachine = false, picture, profile, publicUrl }, maker) {
      const way = await reachability();
      const { encrypted, pinnable, source, urls } = setupUrls({
        ...way,
        onThisMachine,
        ...(publicUrl !== undefined && { publicUrl }),
      });
      // Whoever listens on the way could use what the device is given.
      const isLocal = source === "loopback";
      const accessDowngraded = profile === "full" && !encrypted && !isLocal;
      const given = accessDowngraded ? "limited" : profile;
      const { setup, token } = await devices.setupCodes.mint(tenant, { profile: given, chat, event }, maker);
      const pin = pinnable ? fingerprint() : undefined;
      const access = accessOf(setup);
      const code = encodeSetupCode({
        url: urls[0],
        ...(urls.length > 1 && { urls }),
        bootstrapToken: token,
        expiresAtMs: setup.expiresAt,
        ...(pin !== undefined && { tlsFingerprint: pin }),
        access,
        ...(accessDowngraded && { accessDowngraded }),
      });
      const stored = picture
        ? await withQrPng(code, async (path) =>
            media.put(tenant, (await openAsBlob(path)).stream(), { maxBytes: MOST_PICTURE_BYTES }),
          )
        : undefined;
      return {
        id: setup.id,
        code,
        expiresAt: setup.expiresAt,
        urls,
        urlSource: source,
        access,
        accessDowngraded,
        ...(stored && {
          picture: {
            kind: "image" as const,
            source: { blob: stored.blob },
            mimeType: "image/png",
            fileName: "setup-code.png",
            size: stored.size,
          },
        }),
      };
    },
  };
}
