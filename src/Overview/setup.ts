import type { Environment } from "../Config/environment.ts"
import type { Overview } from "../domain/Overview.ts"

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
    message: "Create an API key in Linear (Settings, Security & access), set it here, and restart."
  },
  {
    setting: "GITHUB_APP_ID",
    neededFor: "starting runs",
    message: "Create a GitHub App, install it on the repositories, set its App ID here, and restart."
  },
  {
    setting: "GITHUB_APP_PRIVATE_KEY",
    neededFor: "starting runs",
    message: "Generate a private key for the GitHub App, set its PEM text here, and restart."
  }
] as const

const mapping: Missing = {
  setting: "a mapping",
  neededFor: "dispatching",
  message: "Say which repository a Linear team belongs to: on the Mappings page, or with POST /api/mappings."
}

/** What is still to be set; `mappings` tells how many there are. */
export const missingSetup = (
  config: Pick<Environment, (typeof settings)[number]["setting"]>,
  mappings: number
): ReadonlyArray<Missing> => {
  const missing = settings.filter(({ setting }) => config[setting] === null)
  return mappings === 0 ? [...missing, mapping] : missing
}
