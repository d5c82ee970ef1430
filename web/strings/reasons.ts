export const words = {
  addMapping: "Add a mapping",
  toMapping: "Open the mapping",
  plan: "Plan"
} as const
