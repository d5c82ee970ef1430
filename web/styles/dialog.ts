import { css } from "lit"

export const dialog = css`
  dialog {
    width: min(32rem, calc(100vw - 2rem));
    max-height: calc(100dvh - 2rem);
    padding: 1.5rem;
    border: 1px solid var(--rim);
    border-radius: var(--round);
    background: var(--float);
    color: var(--text);
    box-shadow: var(--shadow);
    overflow: auto;
  }
  dialog::backdrop {
    background: var(--veil);
  }
`
