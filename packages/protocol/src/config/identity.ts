/** The part of the configuration about people: who signs in, and how. */
import { type Static, Type } from "@switchboard/domain/schema";
import { SecretRef } from "./secret-ref.ts";
import { strict } from "./section.ts";

const IdentityProvider = Type.Object(
  {
    id: Type.String({
      pattern: "^[a-z0-9][a-z0-9-]{0,31}$",
      description: "Part of the address that the provider sends people back to: /auth/provider/<id>/callback.",
    }),
    name: Type.String({ minLength: 1, maxLength: 40, description: "What the button says: Continue with …" }),
    issuer: Type.String({
      maxLength: 500,
      description: "The provider's issuer: an https address, or http on this machine. Its settings are found there.",
    }),
    clientId: Type.String({ minLength: 1, maxLength: 500 }),
    clientSecret: Type.Optional(SecretRef),
    scopes: Type.Array(Type.String({ pattern: "^[\\x21\\x23-\\x5B\\x5D-\\x7E]+$" }), {
      default: ["email", "profile"],
      description: "What is asked for besides openid. Without an e-mail address nobody can sign in.",
    }),
    domains: Type.Optional(
      Type.Array(Type.String({ pattern: "^[^@\\s]+$" }), {
        minItems: 1,
        description: "Only who has an e-mail address of one of these domains signs in; absent: everybody there.",
      }),
    ),
    tenant: Type.Optional(
      Type.String({
        maxLength: 64,
        description:
          "The tenant that new people of this provider join, unless signUp is closed; absent: as signUp says.",
      }),
    ),
    role: Type.Enum(["member", "viewer"], { default: "member", description: "As what they join that tenant." }),
  },
  strict,
);
export type IdentityProvider = Static<typeof IdentityProvider>;

export const IdentityConfig = Type.Object(
  {
    enabled: Type.Boolean({
      default: false,
      description: "People sign in, belong to tenants and make keys. Not needed by a personal install.",
    }),
    signUp: Type.Enum(["open", "invite", "closed"], {
      default: "invite",
      description:
        "Who may make an account: everybody, each with a tenant of their own; who was invited; nobody any more.",
    }),
    sessionDays: Type.Integer({
      minimum: 1,
      maximum: 365,
      default: 7,
      description: "How long a browser stays signed in without being used.",
    }),
    providers: Type.Array(IdentityProvider, {
      default: [],
      description: "Where people can sign in besides here (OpenID Connect).",
    }),

    ethereum: Type.Object(
      {
        enabled: Type.Boolean({
          default: false,
          description: "People may add a wallet to their account and sign in with it (Sign-in with Ethereum).",
        }),
        chains: Type.Array(Type.Integer({ minimum: 1 }), {
          minItems: 1,
          default: [1],
          description: "The chains that a wallet may be on, by their EIP-155 numbers.",
        }),
      },
      { ...strict, default: {} },
    ),
  },
  { ...strict, default: {} },
);
