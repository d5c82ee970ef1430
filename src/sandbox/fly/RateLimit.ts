import type { Operation } from "../../upstreams/fly/operations.ts"

interface Bucket {
  tokens: number
  at: number
}

/** Fly's limits: of each action, for each machine or else app, 1 request/s with a burst of 3; reading one machine 5/s and 10. */
export const makeRateLimit = (initially: boolean) => {
  let on = initially
  const buckets = new Map<string, Bucket>()
  return {
    set: (to: boolean) => {
      on = to
      buckets.clear()
    },
    take: (operation: Operation, subject: string, now: number) => {
      if (!on) return true
      const [perSecond, burst] = operation === "Machines_show" ? [5, 10] : [1, 3]
      const key = `${operation} ${subject}`
      const { at, tokens } = buckets.get(key) ?? { at: now, tokens: burst }
      const left = Math.min(burst, tokens + ((now - at) / 1000) * perSecond)
      buckets.set(key, { at: now, tokens: left < 1 ? left : left - 1 })
      return left >= 1
    }
  }
}

export type RateLimit = ReturnType<typeof makeRateLimit>
