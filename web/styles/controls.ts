import { css } from "lit"

export const controls = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    min-height: 2rem;
    padding: 0 0.75rem;
    border: 1px solid var(--rim);
    border-radius: var(--radius);
    background: transparent;
    color: var(--text);
    font: inherit;
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
    transition: background-color var(--quick);
  }
  button:hover:not(:disabled),
  .button:hover {
    background: var(--hover);
  }
  button:disabled {
    cursor: default;
    color: var(--muted);
    border-color: var(--hairline);
  }
  button.primary,
  .button.primary {
    background: var(--ink);
    border-color: var(--ink);
    color: var(--on-ink);
    font-weight: var(--strong);
  }
  button.danger {
    color: var(--failed);
  }
  button.danger.primary {
    background: var(--failed-fill);
    border-color: var(--failed-fill);
    color: var(--on-failed);
  }
  button.primary:hover:not(:disabled),
  .button.primary:hover {
    background: var(--ink-hover);
  }
  button.danger.primary:hover:not(:disabled) {
    background: var(--failed-hover);
  }
  button.primary:disabled {
    background: var(--track);
    border-color: var(--hairline);
    color: var(--muted);
  }
  button.quiet {
    border-color: transparent;
    color: var(--muted);
  }
  button.quiet:hover:not(:disabled) {
    color: var(--text);
  }
  button.compact,
  .button.compact {
    min-height: 1.5rem;
    padding: 0 0.5rem;
    font-size: var(--small);
  }
  input,
  select,
  textarea {
    min-height: 2rem;
    padding: 0.25rem 0.5rem;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--ground);
    color: var(--text);
    font: inherit;
    font-variant-numeric: tabular-nums;
  }
  input::placeholder {
    color: var(--muted);
    opacity: 1;
  }
  input[type="checkbox"],
  input[type="radio"] {
    display: inline-grid;
    place-content: center;
    flex: none;
    appearance: none;
    vertical-align: top;
    min-height: 0;
    width: 1rem;
    height: 1rem;
    margin: 0.25rem 0;
    padding: 0;
    border-radius: 3px;
    cursor: pointer;
  }
  input[type="radio"] {
    border-radius: 50%;
  }
  input:is(:checked, :indeterminate) {
    border-color: var(--accent);
    background: var(--accent);
  }
  input[type="checkbox"]::before,
  input[type="radio"]::before {
    content: "";
    width: 0.625rem;
    height: 0.625rem;
    background: var(--ground);
    clip-path: polygon(14% 47%, 0 61%, 39% 100%, 100% 22%, 86% 10%, 37% 72%);
  }
  input[type="checkbox"]:indeterminate::before {
    clip-path: inset(40% 5%);
  }
  input[type="radio"]::before {
    clip-path: circle(30%);
  }
  input:disabled {
    border-color: var(--hairline);
    cursor: default;
  }
  @media (forced-colors: active) {
    input[type="checkbox"],
    input[type="radio"] {
      appearance: auto;
    }
  }
`
