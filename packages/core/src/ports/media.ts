/** Files of conversations: kept by their content, apart for each tenant. */
import type {
  AttachmentKind,
  AttachmentRules,
  MediaStream,
  OutboundAttachment,
  OutboundMedia,
  TenantId,
} from "@switchboard/domain";

export interface StoredMedia {
  /** Name of the content: its SHA-256, 64 lower-case hexadecimal digits. */
  readonly blob: string;
  /** Bytes. */
  readonly size: number;
  /** By what the bytes look like, whatever anybody claims; absent for what has no mark, e.g. plain text. */
  readonly mimeType?: string;
}

export interface MediaStore {
  /**
   * Durable when it resolves; the same content is kept once. Nothing is left of what fails.
   * @throws MSG_003 when there are more than `maxBytes`, STORE_* when it cannot be written, or what the stream throws.
   */
  put(
    tenant: TenantId,
    data: Uint8Array | ReadableStream<Uint8Array>,
    options: { readonly maxBytes: number; readonly signal?: AbortSignal },
  ): Promise<StoredMedia>;

  /** @throws REQ_002 when the tenant has no such file. */
  read(tenant: TenantId, blob: string, signal?: AbortSignal): Promise<MediaStream>;

  has(tenant: TenantId, blob: string): Promise<boolean>;

  /** False when there was none. */
  remove(tenant: TenantId, blob: string): Promise<boolean>;

  /**
   * Removes what nobody has put since `before` (Unix milliseconds) and is not among `keep`, and what broken-off puts
   * left. Returns how many files.
   */
  prune(before: number, keep?: ReadonlySet<string>): Promise<number>;
}

/** What is known of a file that came in, and what it may be. */
export interface InboundFile {
  readonly kind: AttachmentKind;
  readonly mimeType?: string;
  readonly fileName?: string;
  /** Bytes. */
  readonly size?: number;
  readonly maxBytes: number;
  /** A picture is made to fit these. */
  readonly picture?: AttachmentRules;
}

/** Opens files on their way out and in. */
export interface MediaPipeline {
  /** As `AccountContext.openAttachment`; without rules the platform takes no such files (MSG_008). */
  outbound(
    tenant: TenantId,
    attachment: OutboundAttachment,
    rules: AttachmentRules | undefined,
    signal: AbortSignal,
  ): Promise<OutboundMedia>;

  /**
   * Opens a file that came in, within limits of bytes and time, as what its content says it is. Rejects, or lets the
   * stream fail, with MSG_003, CONN_001, what `open` throws, and for pictures with MSG_008.
   */
  inbound(
    open: (signal: AbortSignal) => Promise<MediaStream>,
    file: InboundFile,
    signal: AbortSignal,
  ): Promise<MediaStream>;
}
