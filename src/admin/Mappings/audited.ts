import type * as Schema from "effect/Schema"
import type { Mapping } from "../../domain/Mapping.ts"

const shown = ({ createdAt: _, updatedAt: __, extraEnv, ...fields }: Mapping) => ({
  ...fields,
  extraEnv: Object.keys(extraEnv)
})

const same = (a: Schema.Json, b: Schema.Json) => JSON.stringify(a) === JSON.stringify(b)

/** A mapping for the audit: of `extraEnv` only the names. */
export const audited = (mapping: Mapping): Schema.JsonObject => shown(mapping)

/** The fields that differ, before and after; a changed value of `extraEnv` is listed by its name. */
export const auditedChange = (before: Mapping, after: Mapping) => {
  const [was, is]: [Schema.JsonObject, Schema.JsonObject] = [shown(before), shown(after)]
  const changed = Object.keys(is).filter((field) => !same(was[field] ?? null, is[field] ?? null))
  const pick = (from: Schema.JsonObject) =>
    Object.fromEntries(changed.map((field) => [field, from[field] ?? null]))
  const values = Object.keys(after.extraEnv).filter(
    (name) => name in before.extraEnv && before.extraEnv[name] !== after.extraEnv[name]
  )
  return {
    before: pick(was),
    after: values.length === 0 ? pick(is) : { ...pick(is), extraEnvChanged: values }
  }
}
