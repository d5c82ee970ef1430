import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import { type ClausePart, reasonClauses } from "../../../src/domain/describeReason.ts"
import { reasonTitles } from "../../../src/domain/reasonTitles.ts"
import type { Reason } from "../../../src/domain/Reason.ts"
import { href } from "../../router/navigation.ts"
import { sentence } from "../../lib/sentence.ts"
import { words } from "../../strings/reasons.ts"
import { base } from "../../styles/base.ts"
import { tones } from "../../styles/tones.ts"
import { icons } from "../../lib/icons.ts"
import { reasonAppearances } from "./reason-appearances.ts"
import "../../elements/relative-time.ts"

const link = (url: string, text: string) => html`<a href=${url} target="_blank" rel="noreferrer">${text}</a>`

const shown = (part: ClausePart) => {
  if (typeof part === "string") return part
  switch (part._tag) {
    case "Time":
      return html`<relative-time clock .at=${part.at}></relative-time>`
    case "Link":
      return link(part.url, part.text === part.url ? part.url.replace(/^https?:\/\/[^/]+\//, "") : part.text)
    case "Dispatch":
      return html`<a href=${href.dispatch(part.id)}>dispatch</a>`
  }
}

const more = (reason: Reason, teamKey: string) => {
  switch (reason._tag) {
    case "no_mapping":
      return html`. <a href="${href.newMapping}?team=${reason.teamKey}">${words.addMapping}</a>`
    case "paused":
      return html`. <a href=${href.mapping(teamKey)}>${words.toMapping}</a>`
    case "waiting_approval":
      return reason.planDispatchId === null
        ? nothing
        : html`. <a href=${href.dispatch(reason.planDispatchId)}>${words.plan}</a>`
    case "parked":
      return reason.failures === 0 || reason.last === null ? nothing : html`. ${sentence(reason.last)}`
    default:
      return nothing
  }
}

const detail = (reason: Reason, teamKey: string) => {
  const { fact, remedy } = reasonClauses(reason)
  const [first = "", ...rest] = remedy.length === 0 ? fact : [...fact, "; ", ...remedy]
  const opening = typeof first === "string" ? sentence(first) : shown(first)
  return html`${opening}${rest.map(shown)}${more(reason, teamKey)}`
}

/** Why an issue waits, in words, with its facts and links. */
@customElement("reason-text")
export class ReasonText extends LitElement {
  static override readonly styles = [
    base,
    tones,
    css`
      :host {
        display: inline-flex;
        align-items: start;
        gap: 0.375rem;
        vertical-align: top;
        min-width: 0;
      }
      .shape {
        margin-top: 0.125rem;
      }
      .what {
        font-weight: var(--strong);
      }
      .detail {
        color: var(--muted);
      }
      p {
        min-width: 0;
        overflow-wrap: anywhere;
      }
    `
  ]

  @property({ attribute: false }) reason: Reason | null = null
  @property() teamKey = ""

  override render() {
    const { reason } = this
    if (reason === null) return nothing
    const { icon, tone } = reasonAppearances[reason._tag]
    return html`<span class="shape ${tone}">${icons[icon]}</span>
      <p>
        <span class="what">${reasonTitles[reason._tag]}</span>
        <span class="detail">${detail(reason, this.teamKey)}</span>
      </p>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "reason-text": ReasonText
  }
}
