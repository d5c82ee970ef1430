import { css } from "lit"

export const apiOperation = css`
  details {
    border-bottom: 1px solid var(--hairline);
  }
  summary {
    display: grid;
    grid-template-columns: 4rem minmax(0, 22rem) minmax(0, 1fr);
    align-items: baseline;
    gap: 0 1rem;
    min-height: 2rem;
    padding: 0.375rem 0.5rem;
    cursor: pointer;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary:hover {
    background: var(--hover);
  }
  details[open] > summary .path {
    font-weight: var(--strong);
  }
  .method {
    color: var(--muted);
  }
  .path {
    overflow-wrap: anywhere;
  }
  .text {
    font-size: var(--small);
  }
  h3 .muted {
    font-weight: 400;
  }
  .inside {
    display: grid;
    gap: 1.5rem 3rem;
    padding: 0.5rem 0.5rem 1.5rem 5.5rem;
  }
  .about,
  .try {
    display: grid;
    gap: 0.5rem;
    align-content: start;
    min-width: 0;
  }
  .try {
    gap: 1rem;
  }
  pre {
    max-height: 24rem;
    padding: 0.5rem 0.75rem;
    border-left: 2px solid var(--hairline);
    background: var(--chrome);
    overflow: auto;
    font: var(--small) / 1.125rem var(--mono);
  }
  @media (min-width: 84rem) {
    .inside {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }
  @media (max-width: 63.99rem) {
    summary {
      grid-template-columns: 4rem minmax(0, 1fr);
    }
    .text {
      grid-column: 2;
    }
  }
  @media (max-width: 47.99rem) {
    .inside {
      padding-left: 0.5rem;
    }
  }
`
