/** Linear's response to a caller's mistake: HTTP 200, `errors` with a message for people. */
export class UserError extends Error {
  readonly extensions: Readonly<Record<string, unknown>>

  constructor(message: string, presentable: string, code: "INPUT_ERROR" | "INVALID_INPUT" | "FORBIDDEN") {
    super(message)
    this.name = "UserError"
    this.extensions = {
      type: code === "FORBIDDEN" ? "forbidden" : "invalid input",
      code,
      statusCode: code === "FORBIDDEN" ? 403 : 400,
      userError: true,
      userPresentableMessage: presentable
    }
  }
}

/** A feature of Linear that the sandbox does not have. */
export class Unmodelled extends Error {
  constructor(what: string) {
    super(`The local Linear does not model ${what}.`)
    this.name = "Unmodelled"
  }
}

export const notFound = (entity: string): UserError =>
  new UserError(`Entity not found: ${entity}`, `Could not find referenced ${entity}.`, "INPUT_ERROR")

export const conflict = (entity: string, id: string): UserError =>
  new UserError(
    `conflict on insert of ${entity}`,
    `Entity ${entity} with id ${id} already exists.`,
    "INPUT_ERROR"
  )

export const invalid = (presentable: string, message = "Argument Validation Error"): UserError =>
  new UserError(message, presentable, "INVALID_INPUT")
