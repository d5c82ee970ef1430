import { css, html, LitElement, nothing, type TemplateResult } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Reason } from "../../../src/domain/Reason.ts"
import { href } from "../../router/navigation.ts"
import { terms } from "../../strings/terms.ts"
import { words } from "../../strings/reasons.ts"
import { base } from "../../styles/base.ts"
import { tones } from "../../styles/tones.ts"
import { icons } from "../../lib/icons.ts"
import { reasonAppearances } from "./reason-appearances.ts"
import "../../elements/relative-time.ts"

type At = Extract<Reason, { readonly until: unknown }>["until"]

const clock = (at: At) => html`<relative-time clock .at=${at}></relative-time>`

const outward = (url: string, text: string) =>
  html`<a href=${url} target="_blank" rel="noreferrer">${text}</a>`

const list = (items: ReadonlyArray<unknown>) =>
  items.map((item, index) => html`${index === 0 ? nothing : ", "}${item}`)

const effects: Partial<Record<string, string>> = terms.effect
const effectOf = (effect: string) => (effects[effect] ?? effect).toLowerCase()

const detail = (reason: Reason, teamKey: string): TemplateResult | string => {
  switch (reason._tag) {
    case "globally_paused":
      return words.globally_paused
    case "no_mapping":
      return html`${words.no_mapping(reason.teamKey)}.
        <a href="${href.newMapping}?team=${reason.teamKey}">${words.addMapping}</a>`
    case "paused":
      return html`${words.paused}. <a href=${href.mapping(teamKey)}>${words.toMapping}</a>`
    case "running":
      return html`<a href=${href.dispatch(reason.dispatchId)}
        >${terms.phase[reason.phase].toLowerCase()}${
          reason.status === "running" ? nothing : `, ${terms.status[reason.status].toLowerCase()}`
        }</a
      >`
    case "settling":
      return html`<a href=${href.dispatch(reason.dispatchId)}
        >${reason.pending.length === 0 ? words.settlingNothing : words.settling(reason.pending.map(effectOf).join(", "))}</a
      >`
    case "labelled_elsewhere":
      return words.labelled_elsewhere(reason.label)
    case "ready_for_review":
      return html`<span title=${words.again}>${words.ready_for_review}</span>`
    case "open_pull_request":
      return outward(reason.url, reason.url.replace(/^https?:\/\/[^/]+\//, ""))
    case "blocked":
      return html`${words.blockedBy}
      ${list(reason.by.map(({ identifier, url }) => outward(url, identifier)))}${
        reason.more ? ` ${words.andMore}` : nothing
      }`
    case "parked":
      return [reason.failures === 0 ? null : words.parked(reason.failures), reason.last]
        .filter((part) => part !== null)
        .join(": ")
    case "waiting_approval":
      return html`${words.approveBy} ${clock(reason.since)}.
      ${
        reason.planDispatchId === null
          ? nothing
          : html`<a href=${href.dispatch(reason.planDispatchId)}>${words.plan}</a>`
      }${reason.ignoredLabel === true ? html` (${words.ignoredLabel})` : nothing}`
    case "dedup":
      return html`${words.until} ${clock(reason.until)}`
    case "backing_off":
      return html`${words.until} ${clock(reason.until)}, ${words.failures(reason.failures)}`
    case "not_configured":
      return html`${words.missing}
      ${list(reason.missing.map((setting) => html`<span class="mono">${setting}</span>`))}`
    case "provider_unsupported":
      return words.provider_unsupported(terms.provider[reason.provider], terms.executionMode[reason.mode])
    case "repository_not_ready":
      return reason.problems.map(({ message }) => message).join("; ")
    case "budget_low":
      return html`${terms.upstream[reason.upstream]}, ${words.until} ${clock(reason.until)}`
    case "upstream_down":
      return html`${terms.upstream[reason.upstream]}, ${words.since} ${clock(reason.since)}`
    case "hourly_limit":
      return html`${words.hourly_limit}; ${words.until} ${clock(reason.until)}`
    case "team_at_capacity":
      return words.capacity(reason.used, reason.cap)
    case "lost_race":
      return words.lost_race
  }
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
        <span class="what">${terms.reason[reason._tag]}</span>
        <span class="detail">${detail(reason, this.teamKey)}</span>
      </p>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "reason-text": ReasonText
  }
}
