export interface Known<A> {
  readonly etag: string
  readonly body: A
}

const most = 200

/** The last answers by what was asked, so that an unchanged one costs nothing. The least used are forgotten. */
export const makeEtags = () => {
  const known = new Map<string, Known<unknown>>()
  return {
    /** What is asked for decides what is answered: one key always holds one type. */
    get: <A>(key: string) => {
      const found = known.get(key)
      if (found === undefined) return undefined
      known.delete(key)
      known.set(key, found)
      return found as Known<A>
    },
    put: (key: string, value: Known<unknown>) => {
      known.delete(key)
      known.set(key, value)
      const [oldest] = known.keys()
      if (known.size > most && oldest !== undefined) known.delete(oldest)
    }
  }
}
