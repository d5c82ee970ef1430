export const words = {
  empty: "Nothing needs you",
  emptyHint: "Questions of runs, plans, stopped issues and pull requests to review appear here.",
  sections: {
    questions: "Questions",
    plans: "Plans to decide about",
    stopped: "Stopped",
    setup: "Not ready",
    review: "Pull requests to review"
  },
  plan: "Read the plan"
} as const
