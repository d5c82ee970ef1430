export const words = {
  setup: "Set-up",
  setupIntro: "Set these in the service's environment and restart it.",
  neededFor: (what: string) => `needed for ${what}`
} as const
