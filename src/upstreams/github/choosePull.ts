import type * as DateTime from "effect/DateTime"

interface Pull {
  readonly title: string
  readonly body?: string | null
  readonly created_at: DateTime.Utc
  readonly user?: { readonly type: string } | null
  readonly head: { readonly ref: string; readonly repo: { readonly id: number } | null }
  readonly base: { readonly repo: { readonly id: number } }
}

/** Whether the branch of a pull request is in its own repository: anyone may open one from a fork. */
export const isOfRepository = ({ base, head }: Pull) => head.repo?.id === base.repo.id

const carries = (text: string, identifier: string) => {
  const word = identifier.replaceAll(/[^0-9a-z]/gi, String.raw`\$&`)
  return new RegExp(`(?<![0-9a-z])${word}(?![0-9a-z])`, "i").test(text)
}

const byAge = (a: Pull, b: Pull) => a.created_at.epochMilliseconds - b.created_at.epochMilliseconds

/**
 * The pull request that a run left under another branch: one of the repository itself that carries the issue's
 * identifier. A bot's comes before a person's, then the oldest whose branch carries the identifier; null: undecided.
 */
export const choosePull = <A extends Pull>(pulls: ReadonlyArray<A>, identifier: string): A | null => {
  const fitting = pulls.filter(
    (pull) =>
      isOfRepository(pull) &&
      [pull.head.ref, pull.title, pull.body ?? ""].some((text) => carries(text, identifier))
  )
  const bots = fitting.filter(({ user }) => user?.type === "Bot")
  const best = bots.length > 0 ? bots : fitting
  const [only, ...others] = best
  if (only === undefined) return null
  if (others.length === 0) return only
  return best.filter(({ head }) => carries(head.ref, identifier)).toSorted(byAge)[0] ?? null
}
