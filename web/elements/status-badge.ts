import { css, html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { DispatchStatus } from "../../src/domain/DispatchStatus.ts"
import { terms } from "../strings/terms.ts"
import { type IconName, icons } from "./icons.ts"

const looks: Record<DispatchStatus, { readonly icon: IconName; readonly tone: string }> = {
  reserved: { icon: "dashedCircle", tone: "waiting" },
  launching: { icon: "halfCircle", tone: "running" },
  uncertain: { icon: "question", tone: "waiting" },
  running: { icon: "dot", tone: "running" },
  stopping: { icon: "square", tone: "waiting" },
  succeeded: { icon: "check", tone: "succeeded" },
  failed: { icon: "cross", tone: "failed" },
  timed_out: { icon: "clock", tone: "failed" },
  cancelled: { icon: "slash", tone: "neutral" }
}

/** The status of a dispatch: a shape, a colour and a word. */
@customElement("status-badge")
export class StatusBadge extends LitElement {
  static override readonly styles = css`
    :host {
      display: inline-flex;
      align-items: baseline;
      gap: 0.375rem;
      font-weight: var(--strong);
      white-space: nowrap;
    }
    svg {
      flex: none;
      align-self: center;
    }
    .running {
      color: var(--running);
    }
    .waiting {
      color: var(--waiting);
    }
    .succeeded {
      color: var(--succeeded);
    }
    .failed {
      color: var(--failed);
    }
    .neutral {
      color: var(--muted);
    }
    span {
      display: contents;
    }
    @media (prefers-reduced-motion: no-preference) {
      .pulse {
        animation: pulse 2s ease-in-out infinite;
      }
    }
    @keyframes pulse {
      50% {
        opacity: 0.35;
      }
    }
  `

  @property() status: DispatchStatus = "reserved"

  override render() {
    const { icon, tone } = looks[this.status]
    return html`<span class=${tone}>${icons[icon]}${terms.status[this.status]}</span>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "status-badge": StatusBadge
  }
}
