/** What a message template is, and the one that every business has. */
import { type Static, Type } from "@switchboard/domain/schema";

const closed = { additionalProperties: false };
const Button = Type.Object({
  type: Type.Enum(["QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE", "OTP", "FLOW", "CATALOG", "MPM"]),
  text: Type.Optional(Type.String({ minLength: 1, maxLength: 25 })),
  url: Type.Optional(Type.String({ maxLength: 2000 })),
});
const Component = Type.Object({
  type: Type.String({ pattern: "^(?i:HEADER|BODY|FOOTER|BUTTONS)$" }),
  format: Type.Optional(Type.Enum(["TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"])),
  text: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
  example: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  buttons: Type.Optional(Type.Array(Button, { minItems: 1, maxItems: 10 })),
});
export const Create = Type.Object(
  {
    name: Type.String({ pattern: "^[a-z0-9_]{1,512}$" }),
    language: Type.String({ pattern: "^[a-z]{2,3}(_[A-Z]{2,3})?$" }),
    category: Type.Enum(["AUTHENTICATION", "MARKETING", "UTILITY"]),
    components: Type.Array(Component, { minItems: 1 }),
    parameter_format: Type.Optional(Type.Enum(["POSITIONAL", "NAMED"])),
    allow_category_change: Type.Optional(Type.Boolean()),
  },
  closed,
);

export interface Template extends Pick<Static<typeof Create>, "name" | "language" | "category" | "components"> {
  readonly id: string;
  readonly status: "APPROVED";
}

/** Every business account has this one from the start. */
export const FIRST: Omit<Template, "id"> = {
  name: "hello_world",
  language: "en_US",
  category: "UTILITY",
  status: "APPROVED",
  components: [
    { type: "HEADER", format: "TEXT", text: "Hello World" },
    { type: "BODY", text: "Welcome. This message shows that the business can write to you by a template." },
    { type: "FOOTER", text: "WhatsApp Business Platform sample message" },
  ],
};
