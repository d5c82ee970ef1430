import * as DateTime from "effect/DateTime"
import { html, nothing } from "lit"
import type { Dispatch, DispatchEvent } from "../../../src/domain/Dispatch.ts"
import { outward } from "../../lib/outward.ts"
import { sentence } from "../../lib/sentence.ts"
import { clockSeconds, duration, exact, millisBetween } from "../../lib/time.ts"
import { words } from "../../strings/dispatch.ts"

const short = (url: string) => url.replace(/^https?:\/\/[^/]+\//, "")

const spaced = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

const isEmpty = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0)

const known = (facts: DispatchEvent["facts"]) => {
  const entries = Object.entries(facts).filter(([, value]) => !isEmpty(value))
  if (entries.length === 0) return nothing
  return html`<p class="known">
    ${entries.map(([name, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value)
      return html`<span
        >${spaced(name)}
        ${/^https?:\/\//.test(text) ? outward(text, short(text)) : html`<span class="mono">${text}</span>`}</span
      >`
    })}
  </p>`
}

/** What happened, oldest first, with the time since the reservation. */
export const eventList = (dispatch: Dispatch, events: ReadonlyArray<DispatchEvent>) =>
  events.length === 0
    ? html`<p class="muted">${words.noEvents}</p>`
    : html`<ol>
        ${events.map(
          ({ actor, at, facts, message }) =>
            html`<li>
              <time datetime=${DateTime.formatIso(at)} title=${exact(at)}>${clockSeconds(at)}</time>
              <span class="offset">+${duration(millisBetween(dispatch.reservedAt, at))}</span>
              <div>
                <p>
                  ${sentence(message)}
                  ${actor === null ? nothing : html`<span class="muted">${words.by(actor)}</span>`}
                </p>
                ${known(facts)}
              </div>
            </li>`
        )}
      </ol>`
