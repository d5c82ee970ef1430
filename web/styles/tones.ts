import { css } from "lit"

export type Tone = "running" | "waiting" | "succeeded" | "failed" | "parked" | "neutral"

/** The colours of state, by the class that names it; always beside a shape or a word. */
export const tones = css`
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
  .parked {
    color: var(--parked);
  }
  .neutral {
    color: var(--muted);
  }
`
