import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Readiness } from "../../src/domain/Readiness.ts"
import { words } from "../strings/readiness.ts"
import { base } from "../styles/base.ts"
import "./relative-time.ts"
import { sentence } from "../lib/sentence.ts"
import "./state-mark.ts"

/** What a repository has of what its dispatches need, what to do about the rest, and its templates. */
@customElement("readiness-list")
export class ReadinessList extends LitElement {
  static override readonly styles = [
    base,
    css`
      li {
        padding: 0.375rem 0;
        border-bottom: 1px solid var(--hairline);
        overflow-wrap: anywhere;
      }
      state-mark {
        display: flex;
        white-space: normal;
      }
      p {
        padding-left: 1.375rem;
        color: var(--muted);
      }
      .at {
        padding: 0.5rem 0 0;
      }
    `
  ]

  @property({ attribute: false }) readiness: Readiness | undefined

  override render() {
    const { readiness } = this
    if (readiness === undefined) return nothing
    const { checkedAt, checks, templates } = readiness
    return html`<ul>
        ${checks.map(
          ({ fix, message, ok }) =>
            html`<li>
              <state-mark .icon=${ok ? "check" : "cross"} .tone=${ok ? "succeeded" : "failed"}
                >${sentence(message)}</state-mark
              >
              ${fix === null ? nothing : html`<p>${sentence(fix)}</p>`}
            </li>`
        )}
        ${templates.map(({ current, file, installed, seeded, state }) => {
          const shown = seeded && state !== "missing" && state !== "current" ? "seeded" : state
          const fresh = shown === "current" || shown === "seeded"
          return html`<li>
            <state-mark .icon=${fresh ? "check" : "clock"} .tone=${fresh ? "succeeded" : "waiting"}
              ><span class="mono">${file}</span>
              ${words.template[shown](installed ?? "", current)}</state-mark
            >
          </li>`
        })}
      </ul>
      <p class="at small">${words.checked} <relative-time .at=${checkedAt}></relative-time></p>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "readiness-list": ReadinessList
  }
}
