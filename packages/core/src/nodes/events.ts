/** What the registry of nodes tells. */
import type { TenantId } from "@switchboard/domain";
import type { SurfaceRequest } from "./views.ts";

export type NodeEvent = { readonly tenant: TenantId; readonly node: string } & (
  | { readonly type: "requested"; readonly request: SurfaceRequest }
  | { readonly type: "resolved"; readonly request: string; readonly decision: "approved" | "rejected" }
  /** It is no node any more. */
  | { readonly type: "removed" }
  | { readonly type: "presence"; readonly connected: boolean; readonly lastActiveAt?: number | undefined }
);

export type NodeListener = (event: NodeEvent) => void;
