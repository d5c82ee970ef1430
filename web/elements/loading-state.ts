import { css, html, LitElement } from "lit"
import { customElement } from "lit/decorators.js"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"

/** Seen only when loading takes longer than a moment. */
@customElement("loading-state")
export class LoadingState extends LitElement {
  static override readonly styles = [
    base,
    css`
      :host {
        padding: 3rem 1rem;
        text-align: center;
        color: var(--muted);
        animation: appear 1ms 300ms both;
      }
      i {
        display: block;
        width: 8rem;
        height: 2px;
        margin: 0.75rem auto 0;
        background: var(--track);
        overflow: hidden;
      }
      i::after {
        content: "";
        display: block;
        width: 40%;
        height: 100%;
        background: var(--accent);
      }
      @media (prefers-reduced-motion: no-preference) {
        i::after {
          animation: pass 1.2s ease-in-out infinite;
        }
      }
      @keyframes pass {
        from {
          transform: translateX(-100%);
        }
        to {
          transform: translateX(250%);
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
      <i></i>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "loading-state": LoadingState
  }
}
