import { css, html, LitElement } from "lit"
import { customElement } from "lit/decorators.js"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"

const rows = Array.from({ length: 6 }, () => html`<i></i>`)

/** Seen only when loading takes longer than a moment. */
@customElement("loading-state")
export class LoadingState extends LitElement {
  static override readonly styles = [
    base,
    css`
      :host {
        border-top: 1px solid var(--rim);
        color: var(--muted);
        animation: appear 1ms 300ms both;
      }
      p {
        padding: 0.5rem;
        font-size: var(--small);
        line-height: 1rem;
      }
      i {
        display: flex;
        align-items: center;
        gap: 1.5rem;
        height: 2rem;
        padding: 0 0.5rem;
        border-top: 1px solid var(--hairline);
      }
      i::before,
      i::after {
        content: "";
        width: 5rem;
        height: 0.5rem;
        border-radius: 2px;
        background: var(--track);
      }
      i::after {
        width: 40%;
      }
      i:nth-of-type(even)::after {
        width: 28%;
      }
      @media (prefers-reduced-motion: no-preference) {
        i {
          animation: wait 1s ease-in-out infinite alternate;
        }
      }
      @keyframes wait {
        to {
          opacity: 0.5;
        }
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
    `
  ]

  override render() {
    return html`<p role="status">${strings.states.loading}</p>
      ${rows}`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "loading-state": LoadingState
  }
}
