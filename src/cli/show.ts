import * as CliOutput from "effect/cli/CliOutput"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { root } from "./root.ts"

// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f]/g

/** Replaces control characters, so that upstream text cannot move the cursor. */
export const clean = (text: string) => text.replaceAll(control, " ")

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
  yield* Console.log(json ? JSON.stringify(value, null, 2) : lines.join("\n"))
})
