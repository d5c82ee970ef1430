import * as Data from "effect/Data"
import type { Response } from "../Upstream.ts"

export class Refused extends Data.TaggedError("Refused")<{
  readonly status: number
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
  readonly errors?: ReadonlyArray<{ readonly code: string; readonly message?: string }>
}> {}

export const errorResponse = ({ status, message, headers, errors }: Refused): Response => ({
  status,
  ...(headers === undefined ? {} : { headers }),
  body: {
    message,
    ...(errors === undefined ? {} : { errors }),
    documentation_url: "https://docs.github.com/rest",
    status: String(status)
  }
})

export const notFound = new Refused({ status: 404, message: "Not Found" })
