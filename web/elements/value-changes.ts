import { html, type TemplateResult } from "lit"
import { words } from "../strings/audit.ts"

type Json = unknown

const isRecord = (value: Json): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const said = (value: Json) => {
  if (value === null || value === undefined) return words.none
  return typeof value === "string" ? value : JSON.stringify(value)
}

export interface ValueChange {
  readonly name: string
  readonly before: string
  readonly after: string
}

const changesOf = (before: Json, after: Json): ReadonlyArray<ValueChange> => {
  if ((isRecord(before) || before === null) && (isRecord(after) || after === null)) {
    const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
    return [...names]
      .map((name) => ({ name, before: said(before?.[name]), after: said(after?.[name]) }))
      .filter((change) => change.before !== change.after)
  }
  return said(before) === said(after) ? [] : [{ name: "", before: said(before), after: said(after) }]
}

const shown = (before: Json, after: Json, changes: ReadonlyArray<ValueChange>) =>
  html`<div class="changes">
    ${changes.map(
      (change) =>
        html`<span
          ><span class="muted">${change.name}</span>
          ${before === null ? "" : html`<del class="mono">${change.before}</del>`}
          ${after === null ? "" : html`<ins class="mono">${change.after}</ins>`}</span
        >`
    )}
  </div>`

/** Each as `name before → after`; only the value of what was made or taken away. Many are folded. */
export const valueChanges = (before: Json, after: Json): TemplateResult => {
  const changes = changesOf(before, after)
  if (changes.length <= 4) return shown(before, after, changes)
  return html`<details>
    <summary>${words.fields(changes.length)}</summary>
    ${shown(before, after, changes)}
  </details>`
}
