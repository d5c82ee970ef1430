import * as CliOutput from "effect/cli/CliOutput"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { plainText, printableJson } from "../domain/Text.ts"
import { root } from "./root.ts"

export const clean = (text: string) => plainText(text).replaceAll(/[\t\n]/g, " ")

export const columns = (rows: ReadonlyArray<ReadonlyArray<string>>) => {
  const cells = rows.map((row) => row.map(clean))
  const width = (index: number) => Math.max(...cells.map((row) => CliOutput.displayWidth(row[index] ?? "")))
  return cells.map((row) =>
    row
      .map((cell, index) => cell + " ".repeat(width(index) - CliOutput.displayWidth(cell)))
      .join("  ")
      .trimEnd()
  )
}

export const minute = (at: DateTime.Utc | null) =>
  at === null ? "" : DateTime.formatIso(at).slice(0, 16).replace("T", " ")

/** Prints the result of a command: the value as JSON with `--json`, else the lines. */
export const show = Effect.fnUntraced(function* (value: unknown, lines: ReadonlyArray<string>) {
  const { json } = yield* root
  yield* Console.log(json ? printableJson(JSON.stringify(value, null, 2)) : plainText(lines.join("\n")))
})
