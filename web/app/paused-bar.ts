import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Overview } from "../../src/domain/Overview.ts"
import { setPaused } from "../data/operations.ts"
import "../elements/action-button.ts"
import "../elements/relative-time.ts"
import { perform } from "../features/actions/perform.ts"
import { icons } from "../lib/icons.ts"
import { words as overviewWords } from "../strings/overview.ts"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"

const words = strings.shell

/** On every page while all dispatching is paused: its slotted sentence, since when, and a button that resumes it. */
@customElement("paused-bar")
export class PausedBar extends LitElement {
  static override readonly styles = [
    base,
    css`
      .paused {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.75rem;
        padding: 0.5rem var(--gutter);
        border-bottom: 1px solid var(--waiting);
        background: color-mix(in oklab, var(--waiting) 12%, var(--ground));
      }
      ::slotted(p) {
        flex: 0 1 auto;
        min-width: 0;
        max-width: calc(100% - 2rem);
        margin: 0;
        overflow-wrap: anywhere;
        font-weight: var(--strong);
      }
      .paused > svg {
        color: var(--waiting);
      }
    `
  ]

  @property({ attribute: false }) paused: Overview["paused"] = null
  @property({ attribute: false }) resumed: () => void = () => undefined

  override render() {
    const { paused } = this
    return html`<div class=${paused === null ? "" : "paused"}>
      ${paused === null ? nothing : icons.pause}
      <slot></slot>
      ${
        paused === null
          ? nothing
          : html`<span class="muted"><relative-time .at=${paused.at}></relative-time></span>
              <action-button look="compact" .run=${this.#resume}>${words.resume}</action-button>`
      }
    </div>`
  }

  readonly #resume = async () => {
    await perform(
      this,
      () => setPaused(false, ""),
      () => overviewWords.resumed
    )
    this.resumed()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "paused-bar": PausedBar
  }
}
