import { customElement, property } from "lit/decorators.js"
import type { DispatchStatus } from "../../src/domain/DispatchStatus.ts"
import { terms } from "../strings/terms.ts"
import type { IconName } from "../lib/icons.ts"
import type { Tone } from "../styles/tones.ts"
import { StateMark } from "./state-mark.ts"

const looks: Record<DispatchStatus, { readonly icon: IconName; readonly tone: Tone }> = {
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
export class StatusBadge extends StateMark {
  @property() status: DispatchStatus = "reserved"

  override willUpdate() {
    Object.assign(this, looks[this.status])
  }

  protected override word() {
    return terms.status[this.status]
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "status-badge": StatusBadge
  }
}
