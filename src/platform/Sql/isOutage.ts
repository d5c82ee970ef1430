import type { SqlError } from "effect/sql/SqlError"

/** Whether the database could not be reached, or was lost while it was asked. */
export const isOutage = ({ reason }: SqlError) => {
  if (reason._tag === "ConnectionError" || reason.operation === "connect") return true
  const { cause } = reason
  const state = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  return reason._tag === "UnknownError" && (state === "" || /^(08|53|57)/.test(state))
}
