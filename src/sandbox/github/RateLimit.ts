const window = 60 * 60 * 1000

/** The primary limit: requests an hour for each installation and each app. */
export const makeRateLimit = (initial = 5000) => {
  let limit = initial
  const budgets = new Map<string, { used: number; resetAt: number }>()

  const current = (who: string, now: number) => {
    const known = budgets.get(who)
    if (known !== undefined && known.resetAt > now) return known
    const fresh = { used: 0, resetAt: now + window }
    budgets.set(who, fresh)
    return fresh
  }

  const view = (who: string, now: number) => {
    const { used, resetAt } = current(who, now)
    return { limit, remaining: Math.max(0, limit - used), reset: Math.ceil(resetAt / 1000), used }
  }

  return {
    view,
    take: (who: string, now: number) => {
      const budget = current(who, now)
      if (budget.used >= limit) return false
      budget.used += 1
      return true
    },
    giveBack: (who: string, now: number) => void (current(who, now).used -= 1),
    set: (to: { readonly limit: number; readonly remaining?: number }, now: number) => {
      limit = to.limit
      for (const budget of budgets.values()) {
        budget.used = limit - (to.remaining ?? limit)
        budget.resetAt = now + window
      }
    },
    headers: (who: string, now: number) => {
      const { remaining, reset, used } = view(who, now)
      return {
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": String(remaining),
        "x-ratelimit-reset": String(reset),
        "x-ratelimit-used": String(used),
        "x-ratelimit-resource": "core"
      }
    }
  }
}

export type RateLimit = ReturnType<typeof makeRateLimit>
