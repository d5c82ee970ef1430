export const words = {
  down: (upstream: string) => `${upstream} is down`,
  stuck: "The poller is stuck",
  stuckWhy: "Its pass is overdue. If this lasts, restart the service.",
  passFailed: "The last pass failed",
  test: "Test the connection",
  see: "See the poller"
} as const
