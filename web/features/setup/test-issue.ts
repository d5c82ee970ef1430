import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import type { TestIssue } from "../../../src/domain/Setup.ts"
import { about } from "../../data/changes.ts"
import { getDispatch } from "../../data/dispatches.ts"
import { Live } from "../../data/Live.ts"
import "../../elements/status-badge.ts"
import { outward } from "../../lib/outward.ts"
import { href } from "../../router/navigation.ts"
import { words } from "../../strings/setup-page.ts"
import { base } from "../../styles/base.ts"
import { page } from "../../styles/page.ts"

/** The test issue and its newest dispatch, followed live to its pull request. */
@customElement("test-issue")
export class TestIssueElement extends LitElement {
  static override readonly styles = [
    base,
    page,
    css`
      :host {
        padding: 0;
      }
    `
  ]

  @property({ attribute: false }) issue: TestIssue | undefined
  @property() dispatchId = ""

  readonly #dispatch = new Live(this, {
    key: () => `test ${this.dispatchId}`,
    load: (signal) => (this.dispatchId === "" ? Promise.resolve(null) : getDispatch(this.dispatchId, signal)),
    on: about("dispatch")
  })

  override render() {
    const { issue } = this
    if (issue === undefined) return nothing
    return html`<dl class="facts">
      <dt>${words.follow}</dt>
      <dd>${outward(issue.url, issue.identifier)}</dd>
      ${this.#show(this.#dispatch.value ?? null)}
    </dl>`
  }

  #show(dispatch: Dispatch | null) {
    if (dispatch === null)
      return html`<dt>${words.dispatch}</dt>
        <dd>${words.waits}</dd>`
    const { id, outcome, pullRequest, status } = dispatch
    return html`<dt>${words.dispatch}</dt>
      <dd>
        <a href=${href.dispatch(id)}><status-badge status=${status}></status-badge></a>
        ${outcome === null ? nothing : html`<p class="muted">${outcome.message}</p>`}
      </dd>
      ${
        pullRequest === null
          ? nothing
          : html`<dt>${words.pullRequest(pullRequest.number)}</dt>
              <dd>${outward(pullRequest.url, pullRequest.url)}</dd>`
      }`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "test-issue": TestIssueElement
  }
}
