import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { generateKeyPairSync, randomBytes } from "node:crypto"
import type { App, Auth } from "./Auth.ts"

const hour = 60 * 60 * 1000

const Manifest = Schema.Struct({
  name: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(34)),
  url: Schema.String,
  public: Schema.optionalKey(Schema.Boolean),
  redirect_url: Schema.String,
  setup_url: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  hook_attributes: Schema.optionalKey(
    Schema.Struct({ url: Schema.String, active: Schema.optionalKey(Schema.Boolean) })
  ),
  default_permissions: Schema.Record(Schema.String, Schema.Literals(["read", "write", "admin"])),
  default_events: Schema.optionalKey(Schema.Array(Schema.String))
})
export type Manifest = typeof Manifest.Type

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Manifest), { onExcessProperty: "error" })

/** A manifest that GitHub would take; events need the address of a webhook. */
export const manifestIn = (text: string): Manifest | null => {
  const manifest = Option.getOrNull(decode(text))
  if (manifest === null) return null
  const events = manifest.default_events ?? []
  return events.length > 0 && manifest.hook_attributes === undefined ? null : manifest
}

export interface Converted {
  readonly app: App
  readonly pem: string
  readonly webhookSecret: string | null
}

interface Pending extends Converted {
  readonly until: number
}

/** Apps that a person creates from a manifest; each is handed over once, within an hour. */
export const makeManifests = (
  auth: Auth,
  hook: (target: { readonly url: string; readonly secret: string }) => void
) => {
  const pending = new Map<string, Pending>()
  const setupUrls = new Map<App, string>()

  const create = (manifest: Manifest, now: number) => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" }
    })
    const app = auth.create({
      slug: manifest.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
      key: publicKey,
      permissions: { metadata: "read", ...manifest.default_permissions },
      createdAt: now
    })
    const { hook_attributes: target, setup_url: setupUrl } = manifest
    const webhookSecret = target === undefined ? null : randomBytes(20).toString("hex")
    if (target !== undefined && webhookSecret !== null && target.active !== false)
      hook({ url: target.url, secret: webhookSecret })
    if (setupUrl !== undefined) setupUrls.set(app, setupUrl)
    const code = randomBytes(20).toString("hex")
    pending.set(code, { app, pem: privateKey, webhookSecret, until: now + hour })
    return code
  }

  const convert = (code: string, now: number): Converted | null => {
    const found = pending.get(code)
    pending.delete(code)
    return found === undefined || found.until <= now ? null : found
  }

  return { create, convert, setupUrlOf: (app: App) => setupUrls.get(app) ?? null }
}
export type Manifests = ReturnType<typeof makeManifests>
