import { css } from "lit"
import { controls } from "./controls.ts"

/** Controls, and the fields of forms: choices, several lines, labels, hints and what is wrong. */
export const fields = [
  controls,
  css`
    textarea {
      display: block;
      width: 100%;
      min-height: 5rem;
      resize: vertical;
    }
    select {
      appearance: none;
      padding-right: 1.75rem;
      background:
        linear-gradient(45deg, transparent 50%, var(--muted) 50%) right 0.8125rem center / 0.3125rem 0.3125rem,
        linear-gradient(-45deg, transparent 50%, var(--muted) 50%) right 0.5rem center / 0.3125rem 0.3125rem,
        var(--ground);
      background-repeat: no-repeat;
      text-overflow: ellipsis;
      cursor: pointer;
    }
    input[aria-invalid="true"],
    select[aria-invalid="true"],
    textarea[aria-invalid="true"] {
      border-color: var(--failed);
      box-shadow: inset 0 0 0 1px var(--failed);
    }
    .field {
      display: grid;
      gap: 0.25rem;
      align-content: start;
    }
    .field > label,
    legend,
    .label {
      font-weight: var(--strong);
    }
    .hint {
      text-wrap: pretty;
      color: var(--muted);
      font-size: var(--small);
    }
    .hint:empty,
    .wrong:empty {
      display: none;
    }
    .wrong {
      display: flex;
      gap: 0.375rem;
      color: var(--failed);
      font-size: var(--small);
    }
  `
]
