import * as Schema from "effect/Schema"

export const limit = Schema.FiniteFromString.check(
  Schema.isInt({ message: "must be a whole number" }),
  Schema.isBetween({ minimum: 1, maximum: 500 }, { message: "must be between 1 and 500" })
)

export const rowId = Schema.FiniteFromString.check(
  Schema.isInt({ message: "must be a whole number" }),
  Schema.isBetween(
    { minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    { message: "must be a number that ids can have" }
  )
)
