import { conflict, invalid, Unmodelled } from "../errors.ts"
import type { Store } from "../Store.ts"
import { isUuid } from "../uuid.ts"

// Refuses an input with a property that the sandbox would have to ignore.
export const modelled = (input: object, ...names: ReadonlyArray<string>): void => {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !names.includes(name)) throw new Unmodelled(`the input "${name}"`)
  }
}

/** The caller's own id, which must be a UUID v4 that was never used before, or a new one. */
export const ownId = (store: Store, entity: string, id: string | null | undefined): string => {
  if (id == null) return store.nextId(entity)
  if (!isUuid(id) || id.charAt(14) !== "4") throw invalid("id must be a UUID.")
  const key = id.toLowerCase()
  if (store.usedIds.has(key)) throw conflict(entity, key)
  store.usedIds.add(key)
  return key
}
