import { css } from "lit"

export const setup = css`
  .steps {
    max-width: 56rem;
    counter-reset: step;
  }
  .steps > li {
    display: grid;
    grid-template-columns: 1.5rem minmax(0, 1fr);
    gap: 0 0.75rem;
    padding: 1rem 0;
    border-top: 1px solid var(--hairline);
    counter-increment: step;
  }
  .steps > li > * {
    grid-column: 2;
  }
  .steps > li > .title {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0 1rem;
  }
  .steps > li::before {
    content: counter(step);
    grid-row: 1;
    color: var(--muted);
    text-align: right;
  }
  .later {
    color: var(--muted);
  }
  .checks > li {
    padding: 0.25rem 0;
    overflow-wrap: anywhere;
  }
  .checks state-mark {
    display: flex;
    white-space: normal;
  }
  .checks p {
    padding-left: 1.375rem;
    color: var(--muted);
  }
  .act {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: 0.75rem 1rem;
    margin: 0.75rem 0 0 1.375rem;
  }
  .act:not(:has(*)) {
    display: none;
  }
  .act > :is(text-field, choice-field) {
    flex: 0 1 16rem;
    min-width: 0;
  }
  /* Beside the control, below its label. */
  .act > :is(text-field, choice-field) ~ :is(button, action-button) {
    margin-top: 1.75rem;
  }
  .once {
    margin: 0.75rem 0 0 1.375rem;
    padding: 0.75rem 1rem 1rem;
    border-left: 2px solid var(--waiting);
    background: color-mix(in oklab, var(--waiting) 8%, var(--ground));
  }
  .once > .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.75rem 1rem;
    margin-top: 0.75rem;
  }
  .follow {
    margin-left: 1.375rem;
  }
  @media (max-width: 47.99rem) {
    .act,
    .once,
    .follow {
      margin-left: 0;
    }
  }
`
