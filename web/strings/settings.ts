import type { Overview } from "../../src/domain/Overview.ts"

const source: Record<Overview["settings"][number]["source"], string> = {
  env: "environment",
  db: "stored here",
  default: "default"
}

export const words = {
  source,
  runnerMode: "Runner mode",
  runnerModeHint: "Where implementations run, for all mappings. Touches only later dispatches.",
  overridden: (stored: string) =>
    `RUNNER_MODE is set in the environment and wins. Stored here: ${stored}. It takes effect when the variable is removed.`,
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
  envWins: "The environment wins over what is stored here; unset the variable to use the stored value.",
  restart: (value: string) => `Until the service is restarted it goes on with ${value}.`,
  connectionTest: "Try it",
  connectionTestHint: "Each is asked now, with the settings in effect. The notification is really sent.",
  connectionTests: { notification: "Notification", linear: "Linear", github: "GitHub", fly: "Fly" },
  try: "Try",
  tryOne: (what: string) => `Try ${what}`,
  effective: "Effective settings",
  columns: { name: "Setting", value: "Value", source: "From" }
} as const
