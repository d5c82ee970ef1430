import type { Overview } from "../../src/domain/Overview.ts"

const source: Record<Overview["settings"][number]["source"], string> = {
  env: "environment",
  db: "stored here",
  default: "default"
}

export const words = {
  source,
  runnerMode: "Runner mode",
  runnerModeHint: "Where implementations run, for all mappings. Affects only later dispatches.",
  overridden: (stored: string) =>
    `RUNNER_MODE is set in the environment and takes precedence. Stored here: ${stored}. It takes effect when the variable is removed.`,
  nothingStored: "nothing",
  save: "Save",
  saveMode: "Save runner mode",
  saveFly: "Save Fly settings",
  saved: "Saved.",
  fly: "Fly Machines",
  flyHint: "Where sessions run. The app must not be the one this service runs in.",
  flySessionsApp: "App for sessions",
  flySessionsRegion: "Region",
  hints: {
    flySessionsApp: "Leave empty to store nothing.",
    flySessionsRegion: "Three letters, such as fra. Empty: Fly chooses."
  },
  sources: { env: "Environment", stored: "Stored here", default: "Default" },
  sourceList: (setting: string) => `${setting}: which value is in use`,
  nothing: "–",
  inUse: "in use",
  envWins:
    "The environment takes precedence over what is stored here; unset the variable to use the stored value.",
  restart: (value: string) => `The service uses ${value} until it is restarted.`,
  connectionTest: "Connection tests",
  connectionTestHint:
    "Each test calls the service now, with the settings in effect. The notification is really sent.",
  connectionTests: { notification: "Notification", linear: "Linear", github: "GitHub", fly: "Fly" },
  try: "Test",
  tryOne: (what: string) => `Test ${what}`,
  effective: "Effective settings",
  columns: { name: "Setting", value: "Value", source: "From" }
} as const
