export const words = {
  runnerMode: "Runner mode",
  runnerModeHint: "Where implementations run, for all mappings. Touches only later dispatches.",
  overridden: (stored: string) =>
    `RUNNER_MODE is set in the environment and wins. Stored here: ${stored}. It takes effect when the variable is removed.`,
  nothingStored: "nothing",
  from: (where: string) => `in effect from: ${where}`,
  save: "Save",
  saved: "Saved.",
  fly: "Fly Machines",
  flySessionsApp: "App for sessions",
  flySessionsRegion: "Region",
  envWins: (value: string) => `The environment sets ${value} and wins over what is stored here.`,
  runtime: (value: string) => `In use now: ${value}.`,
  nothing: "nothing",
  restart: "Restart the service to use the stored value.",
  effective: "Effective settings",
  columns: { name: "Setting", value: "Value", source: "From" }
} as const
