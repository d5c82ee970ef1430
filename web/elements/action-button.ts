import { css, html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { icons, type IconName } from "../lib/icons.ts"
import { NoticeEvent } from "../lib/Notice.ts"

/** A button that runs something once at a time, shows that it does, and notifies the shell when it failed. */
@customElement("action-button")
export class ActionButton extends LitElement {
  static override readonly styles = [
    base,
    controls,
    css`
      :host {
        display: inline-block;
      }
      button[aria-busy="true"] {
        cursor: progress;
      }
      @media (prefers-reduced-motion: no-preference) {
        button[aria-busy="true"] {
          animation: busy 1s ease-in-out infinite alternate;
        }
      }
      @keyframes busy {
        to {
          border-color: var(--accent);
        }
      }
    `
  ]

  @property() look = ""
  @property() icon: IconName | "" = ""
  /** What screen readers say when the text alone is not clear. */
  @property() label = ""
  @property({ attribute: false }) run: () => Promise<unknown> = () => Promise.resolve()
  @property({ type: Boolean }) disabled = false
  @state() private busy = false

  override render() {
    return html`<button
      type="button"
      class=${this.look}
      aria-label=${this.label === "" ? nothing : this.label}
      aria-busy=${this.busy}
      ?disabled=${this.disabled}
      @click=${this.#press}
    >
      ${this.icon === "" ? nothing : icons[this.icon]}<slot></slot>
    </button>`
  }

  readonly #press = async () => {
    if (this.busy) return
    this.busy = true
    try {
      await this.run()
    } catch {
      this.dispatchEvent(new NoticeEvent(strings.failure.notLoaded, "failed"))
    } finally {
      this.busy = false
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "action-button": ActionButton
  }
}
