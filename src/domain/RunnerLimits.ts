/** What the service takes of one run: calls and bytes in a second, and questions waited for at the same time. */
export const runnerLimits = { maxCallsPerSecond: 10, maxBytesPerSecond: 100_000, maxLongPolls: 5 } as const
