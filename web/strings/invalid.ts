export const words = {
  nothingSent: (problems: ReadonlyArray<string>) => `Nothing was sent: ${problems.join("; ")}.`
} as const
