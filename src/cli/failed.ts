import * as CliError from "effect/cli/CliError"
import { plainText } from "../domain/Text.ts"

/** The failure of a command as one sentence for the operator. */
export const failed = (message: string) =>
  new CliError.UserError({ cause: message, userMessage: plainText(message) })
