const hour = 3_600_000

export interface Limit {
  readonly limit: number
  readonly remaining: number
  readonly reset: number
}

type Kind = "requests" | "complexity"

export type BudgetChange = { readonly [K in Kind]?: Partial<Limit> }

export interface Budget {
  /** Takes from the rest of the budget, or takes nothing and returns false. */
  readonly spend: (kind: Kind, amount: number, now: number) => boolean
  readonly limits: (now: number) => Readonly<Record<Kind, Limit>>
  readonly set: (change: BudgetChange, now: number) => void
}

const defaultLimits: Readonly<Record<Kind, number>> = { requests: 2500, complexity: 3_000_000 }

export const makeBudget = (): Budget => {
  const limits: Record<Kind, Limit> = {
    requests: { limit: defaultLimits.requests, remaining: defaultLimits.requests, reset: 0 },
    complexity: { limit: defaultLimits.complexity, remaining: defaultLimits.complexity, reset: 0 }
  }
  const renew = (kind: Kind, now: number): Limit => {
    const current = limits[kind]
    if (current.reset > now) return current
    return (limits[kind] = { limit: current.limit, remaining: current.limit, reset: now + hour })
  }
  return {
    spend: (kind, amount, now) => {
      const current = renew(kind, now)
      if (current.remaining < amount) return false
      limits[kind] = { ...current, remaining: current.remaining - amount }
      return true
    },
    limits: (now) => ({ requests: renew("requests", now), complexity: renew("complexity", now) }),
    set: (change, now) => {
      for (const kind of ["requests", "complexity"] as const) {
        const wanted = change[kind]
        if (wanted === undefined) continue
        const current = renew(kind, now)
        const limit = wanted.limit ?? current.limit
        const remaining = wanted.remaining ?? Math.min(current.remaining, limit)
        limits[kind] = { limit, remaining, reset: wanted.reset ?? current.reset }
      }
    }
  }
}

export const budgetHeaders = (budget: Budget, now: number): Readonly<Record<string, string>> => {
  const { requests, complexity } = budget.limits(now)
  return {
    "X-RateLimit-Requests-Limit": `${requests.limit}`,
    "X-RateLimit-Requests-Remaining": `${requests.remaining}`,
    "X-RateLimit-Requests-Reset": `${requests.reset}`,
    "X-RateLimit-Complexity-Limit": `${complexity.limit}`,
    "X-RateLimit-Complexity-Remaining": `${complexity.remaining}`,
    "X-RateLimit-Complexity-Reset": `${complexity.reset}`
  }
}
