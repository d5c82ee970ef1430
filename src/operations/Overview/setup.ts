import type { Environment } from "../../platform/Config/environment.ts"
import { forwardedUntrusted } from "../../platform/ForwardedRequests.ts"
import type { Overview } from "../../domain/Overview.ts"

type Missing = Overview["setup"][number]

const settings = [
  {
    setting: "ADMIN_ACCESS_CODE",
    neededFor: "the admin and the API",
    message: "Set it to a secret of at least 16 characters, and restart."
  },
  {
    setting: "LINEAR_API_KEY",
    neededFor: "reading the backlog",
    message:
      "Create a personal API key in Linear (Settings, Security & access) that may read and write, set it, and restart."
  },
  {
    setting: "GITHUB_APP_ID",
    neededFor: "starting runs",
    message:
      "Create a GitHub App with Actions: read and write, Contents, Pull requests and Metadata: read; install it on the repositories, set its App ID, and restart."
  },
  {
    setting: "GITHUB_APP_PRIVATE_KEY",
    neededFor: "starting runs",
    message:
      "Generate a private key on the page of the GitHub App, set its PEM text, whose newlines may be written as \\n, and restart."
  }
] as const

const machineSettings = [
  {
    setting: "FLY_SESSIONS_TOKEN",
    neededFor: "session machines",
    message: "Create a token for the Fly app of the session machines, set it, and restart."
  },
  {
    setting: "FLY_SESSIONS_APP",
    neededFor: "session machines",
    message:
      "Name the Fly app in which session machines are made, here or on the Settings page, and restart. It must not be the app of this service."
  },
  {
    setting: "SESSION_IMAGE",
    neededFor: "session machines",
    message: "Set it to the image of the session machines, and restart."
  },
  {
    setting: "PUBLIC_URL",
    neededFor: "session machines",
    message: "Set it to the address at which the machines reach this service, and restart."
  }
] as const

export const machineSettingNames: ReadonlyArray<string> = machineSettings.map(({ setting }) => setting)

const mapping: Missing = {
  setting: "a mapping",
  neededFor: "dispatching",
  message: "Say which repository a Linear team belongs to: on the Mappings page, or with POST /api/mappings."
}

export const trustProxy: Missing = {
  setting: "TRUST_PROXY",
  neededFor: "telling clients behind a proxy apart",
  message: forwardedUntrusted
}

/** What is still to be set; `mappings` is their number, `machines` the Fly app that they use, if any. */
export const missingSetup = (
  config: Pick<Environment, (typeof settings | typeof machineSettings)[number]["setting"]>,
  mappings: number,
  machines: { readonly app: string | null } | null = null
): ReadonlyArray<Missing> => {
  const needed = machines === null ? settings : [...settings, ...machineSettings]
  const values = { ...config, FLY_SESSIONS_APP: machines?.app ?? null }
  const missing = needed.filter(({ setting }) => values[setting] === null)
  return mappings === 0 ? [...missing, mapping] : missing
}
