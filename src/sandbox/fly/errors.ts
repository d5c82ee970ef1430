import * as Data from "effect/Data"
import type { Response } from "../Upstream.ts"

export class Refused extends Data.TaggedError("Refused")<{
  readonly status: number
  readonly message: string
}> {}

export const errorResponse = ({ status, message }: Refused): Response => ({
  status,
  body: { error: message }
})

export const invalid = (message: string, status = 400) =>
  new Refused({ status, message: `invalid_argument: ${message}` })

export const notFound = (what: string) =>
  new Refused({ status: 404, message: `not_found: ${what} not found` })

export const precondition = (message: string) =>
  new Refused({ status: 412, message: `failed_precondition: ${message}` })

export const unmodelled = (what: string) =>
  new Refused({ status: 501, message: `The local Fly does not model ${what}.` })
