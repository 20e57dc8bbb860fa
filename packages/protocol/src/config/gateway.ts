/** The part of the configuration about the gateway's own door: where it listens, and whom it lets in. */
import { type Static, Type } from "@switchboard/domain/schema";
import { SecretRef } from "./secret-ref.ts";
import { strict } from "./section.ts";

export const GatewayConfig = Type.Object(
  {
    host: Type.String({ default: "127.0.0.1" }),
    port: Type.Integer({ minimum: 0, maximum: 65_535, default: 18_789, description: "0 takes any free port." }),
    publicUrl: Type.Optional(
      Type.String({ format: "url", description: "How platforms reach this gateway; needed for webhooks." }),
    ),
    auth: Type.Object(
      {
        mode: Type.Optional(
          Type.Enum(["token", "password", "trusted-proxy", "none"], {
            description: "Default `password` when there is one, else `token`.",
          }),
        ),
        token: Type.Optional(SecretRef),
        password: Type.Optional(SecretRef),
        trustedProxy: Type.Optional(
          Type.Object(
            {
              userHeader: Type.String({
                minLength: 1,
                description: "Names the person, e.g. x-forwarded-user. The proxy must remove what visitors send.",
              }),
              requiredHeaders: Type.Array(Type.String({ minLength: 1 }), { default: [] }),
              allowUsers: Type.Array(Type.String({ minLength: 1 }), {
                default: [],
                description: "Empty: everybody whom the proxy lets through.",
              }),
            },
            { ...strict, description: "For mode `trusted-proxy`; the proxy itself is named in trustedProxies." },
          ),
        ),
        tailscale: Type.Boolean({
          default: false,
          description: "Believe Tailscale's proxy on this machine about who visits, once its daemon confirms.",
        }),
      },
      { ...strict, default: {} },
    ),
    pairing: Type.Object(
      {
        autoApproveLocal: Type.Boolean({
          default: true,
          description: "Devices on this machine that show the gateway's secret need no approval.",
        }),
        setupCodes: Type.Enum(["approve", "trust"], {
          default: "approve",
          description: "`trust`: whoever presents a setup code first is let in without a further approval.",
        }),
      },
      { ...strict, default: {} },
    ),
    tls: Type.Object(
      {
        enabled: Type.Boolean({ default: false, description: "Serve https and wss, and nothing else, on the port." }),
        certPath: Type.Optional(
          Type.String({
            minLength: 1,
            description: "A certificate with its chain, PEM; relative to the state directory.",
          }),
        ),
        keyPath: Type.Optional(Type.String({ minLength: 1, description: "Its private key, PEM." })),
        autoGenerate: Type.Boolean({
          default: true,
          description: "Without files: make a certificate at the first start; clients pin its fingerprint.",
        }),
      },
      { ...strict, default: {} },
    ),
    nodes: Type.Object(
      {
        commands: Type.Object(
          {
            allow: Type.Array(Type.String({ minLength: 1 }), {
              default: [],
              description:
                "Commands of nodes that may be approved besides those usual on their platform, e.g. camera.snap.",
            }),
            deny: Type.Array(Type.String({ minLength: 1 }), {
              default: [],
              description: "Commands of nodes that are never called, whatever was approved.",
            }),
          },
          { ...strict, default: {} },
        ),
      },
      { ...strict, default: {} },
    ),
    allowedOrigins: Type.Array(Type.String(), { default: [], description: "Web origins besides the gateway's own." }),
    trustedProxies: Type.Array(Type.String(), {
      default: [],
      description: "Addresses whose forwarding headers are believed.",
    }),
  },
  { ...strict, default: {} },
);
export type GatewayConfig = Static<typeof GatewayConfig>;
