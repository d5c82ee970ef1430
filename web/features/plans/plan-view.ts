import { css, html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import { planText, type PlanHistory, type PlanVersion, undecidedPlan } from "../../../src/domain/Plan.ts"
import { getPlans } from "../../data/plans.ts"
import { Live } from "../../data/Live.ts"
import "../../elements/action-button.ts"
import "../../elements/markdown-text.ts"
import "../../elements/relative-time.ts"
import { type LineChange, lineDiff } from "../../lib/line-diff.ts"
import { words as issuesWords } from "../../strings/issues.ts"
import { words } from "../../strings/plans.ts"
import { base } from "../../styles/base.ts"
import { controls } from "../../styles/controls.ts"
import { page } from "../../styles/page.ts"
import { loaded } from "../lists/loaded.ts"
import { approve, reject } from "./plan-actions.ts"

const context = 2

interface Fold {
  readonly kind: "fold"
  readonly count: number
}

/** The changes with a little of what is the same around them. */
const folded = (changes: ReadonlyArray<LineChange>): ReadonlyArray<LineChange | Fold> => {
  const near = changes.map((_, index) =>
    changes.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== "same")
  )
  const shown: Array<LineChange | Fold> = []
  for (const [index, change] of changes.entries()) {
    const last = shown.at(-1)
    if (near[index] === true) shown.push(change)
    else if (last?.kind === "fold") shown[shown.length - 1] = { kind: "fold", count: last.count + 1 }
    else shown.push({ kind: "fold", count: 1 })
  }
  return shown
}

/** The plan of an issue: its text, what changed since the plan before, the verdicts, and the buttons to decide. */
@customElement("plan-view")
export class PlanView extends LitElement {
  static override readonly styles = [
    base,
    controls,
    page,
    css`
      :host {
        padding: 0;
        margin-bottom: 2rem;
      }
      .verdicts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1rem;
        padding: 0.5rem 0;
      }
      .verdicts .end,
      .views {
        display: flex;
        gap: 0.5rem;
      }
      .verdicts .end {
        margin-left: auto;
      }
      .text {
        display: grid;
        gap: 1rem;
        max-height: 36rem;
        overflow: auto;
        padding-right: 0.5rem;
      }
      .said {
        white-space: pre-wrap;
      }
      .note {
        margin: 0.5rem 0;
      }
      .diff {
        max-height: 36rem;
        overflow: auto;
        font: var(--small) / 1.25rem var(--mono);
      }
      .diff p {
        display: grid;
        grid-template-columns: 1.25rem minmax(0, 1fr);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .added {
        background: color-mix(in oklab, var(--succeeded) 12%, var(--ground));
      }
      .removed {
        background: color-mix(in oklab, var(--failed) 12%, var(--ground));
      }
      .fold {
        color: var(--muted);
      }
    `
  ]

  @property() dispatchId = ""
  /** The version that is shown; the newest without one. */
  @state() private chosen: number | undefined
  @state() private changes = false

  readonly #plans = new Live<PlanHistory>(this, {
    key: () => `plans ${this.dispatchId}`,
    load: (signal) => getPlans(this.dispatchId, signal),
    on: ({ type }) => type === "dispatch" || type === "issue"
  })

  override render() {
    return loaded(this.#plans, (history) => this.#show(history))
  }

  #show(history: PlanHistory) {
    const { versions } = history
    if (versions.length === 0) return html``
    const own = versions.findIndex(({ dispatchId }) => dispatchId === this.dispatchId)
    const index = Math.min(this.chosen ?? Math.max(0, own), versions.length - 1)
    const version = versions[index]
    if (version === undefined) return html``
    const number = versions.length - index
    const before = versions[index + 1]
    return html`<section>
      <div class="title">
        <h2>${words.title(number)}</h2>
        <span>${words.made} <relative-time .at=${version.finishedAt}></relative-time></span>
      </div>
      <div class="verdicts">
        <span role="status">${this.#verdict(version)}</span>
        ${versions.length < 2 ? nothing : this.#views(versions.length, index, before !== undefined)}
        ${index === 0 && undecidedPlan(history) !== null ? this.#decide(history) : nothing}
      </div>
      ${this.#rejection(before, number - 1)}
      ${this.changes && before !== undefined ? this.#diff(before, version) : this.#text(version)}
    </section>`
  }

  #verdict({ verdict, withdrawn }: PlanVersion) {
    if (withdrawn) return words.withdrawn
    if (verdict === null) return words.waits
    return html`<strong>${words.verdict[verdict.kind]}</strong>
      ${verdict.by === null ? nothing : words.by(verdict.by)}
      ${verdict.at === null ? nothing : html`<relative-time .at=${verdict.at}></relative-time>`}
      ${verdict.reason === null ? nothing : html`<p class="said">${verdict.reason}</p>`}`
  }

  #views(count: number, index: number, hasBefore: boolean) {
    const view = (text: string, pressed: boolean, press: () => void) =>
      html`<button type="button" class="compact" aria-pressed=${pressed} @click=${press}>${text}</button>`
    return html`<div class="views" role="group" aria-label=${words.view.label}>
      ${
        hasBefore
          ? html`${view(words.view.text, !this.changes, () => (this.changes = false))}
            ${view(words.view.changes, this.changes, () => (this.changes = true))}`
          : nothing
      }
      ${Array.from({ length: count }, (_, other) =>
        other === index ? nothing : view(words.older(count - other), false, () => (this.chosen = other))
      )}
    </div>`
  }

  #decide({ issueId, issueIdentifier: identifier }: PlanHistory) {
    const run = (decide: typeof approve) => async () => {
      await decide(this, { issueId, identifier })
      this.#plans.refreshAfterAction()
    }
    return html`<div class="end">
      <action-button look="primary" .run=${run(approve)}>${issuesWords.approve}</action-button>
      <action-button .run=${run(reject)}>${issuesWords.reject}</action-button>
    </div>`
  }

  #rejection(before: PlanVersion | undefined, number: number) {
    const verdict = before?.verdict ?? null
    if (verdict === null || verdict.kind !== "rejected" || verdict.reason === null) return nothing
    return html`<div class="note">
      <p>
        <strong>${words.lastRejection(number, verdict.by ?? words.someone)}</strong>
        <span class="said">${verdict.reason}</span>
      </p>
    </div>`
  }

  #text({ documents }: PlanVersion) {
    if (documents.length === 0) return html`<p class="muted">${words.declared}</p>`
    return html`<div class="text" tabindex="0" role="region" aria-label=${words.view.text}>
      ${documents.map(
        ({ markdown, title }) =>
          html`<div>
            <h3>${title}</h3>
            <markdown-text .text=${markdown}></markdown-text>
          </div>`
      )}
    </div>`
  }

  #diff(before: PlanVersion, { documents }: PlanVersion) {
    const changes = lineDiff(planText(before.documents) ?? "", planText(documents) ?? "")
    if (changes.every(({ kind }) => kind === "same")) return html`<p class="muted">${words.same}</p>`
    return html`<div class="diff" tabindex="0" role="region" aria-label=${words.view.changes}>
      ${folded(changes).map((change) => {
        if (change.kind === "fold")
          return html`<p class="fold"><span>…</span>${words.unchanged(change.count)}</p>`
        const { kind, text } = change
        if (kind === "same") return html`<p><span></span>${text}</p>`
        return html`<p class=${kind}>
          <span
            ><span aria-hidden="true">${kind === "added" ? "+" : "−"}</span
            ><span class="hidden">${words[kind]}</span></span
          >${text}
        </p>`
      })}
    </div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "plan-view": PlanView
  }
}
