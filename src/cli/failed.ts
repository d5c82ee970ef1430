import * as CliError from "effect/cli/CliError"

/** A command that did not do what it was asked to, in a sentence for whoever asked. */
export const failed = (message: string) => new CliError.UserError({ cause: message, userMessage: message })
