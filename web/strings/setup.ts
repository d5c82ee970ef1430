export const words = {
  setup: "Set-up",
  setupIntro: "The steps to the first pull request, each with its check and its page at the vendor:",
  open: "open the set-up",
  neededFor: (what: string) => `needed for ${what}`
} as const
