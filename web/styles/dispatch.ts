import { css } from "lit"

export const dispatch = css`
  h1 .mono {
    margin-right: 0.5rem;
    color: var(--muted);
    font-weight: 400;
  }
  .summary {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.25rem 1.5rem;
    margin: -0.75rem 0 1rem;
    color: var(--muted);
  }
  .columns {
    display: grid;
    gap: 2rem clamp(2rem, 3vw, 4rem);
    margin-top: 2rem;
  }
  run-question + run-question {
    margin-top: 1rem;
  }
  .columns > * {
    min-width: 0;
    margin: 0;
  }
  .events li {
    display: grid;
    grid-template-columns: 4rem 5.5rem minmax(0, 1fr);
    gap: 0 1rem;
    padding: 0.375rem 0;
    border-bottom: 1px solid var(--hairline);
  }
  .events p {
    overflow-wrap: anywhere;
  }
  .offset {
    color: var(--muted);
    text-align: end;
    white-space: nowrap;
  }
  .known {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1rem;
    color: var(--muted);
    font-size: var(--small);
    line-height: 1.125rem;
  }
  .note {
    margin-bottom: 1rem;
  }
  .note.delivered {
    border-color: var(--succeeded);
    background: color-mix(in oklab, var(--succeeded) 8%, var(--ground));
  }
  @media (min-width: 72rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr) minmax(22rem, 30rem);
    }
  }
  @media (max-width: 47.99rem) {
    .events li {
      grid-template-columns: max-content minmax(0, 1fr);
    }
    .offset {
      text-align: start;
    }
    .events li > div {
      grid-column: 1 / -1;
    }
  }
`
