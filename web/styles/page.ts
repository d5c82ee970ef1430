import { css } from "lit"

/** The frame all pages share: heading row, filters, sections, facts, notes. */
export const page = css`
  :host {
    padding: 1rem var(--gutter) 4rem;
  }
  .crumb {
    margin-bottom: 0.25rem;
    color: var(--muted);
    font-size: var(--small);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
    min-height: 2rem;
    margin-bottom: 1rem;
  }
  .head .end {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
    margin-left: auto;
  }
  .intro {
    max-width: 44rem;
    margin: -0.75rem 0 1rem;
    color: var(--muted);
  }
  .intro.below {
    margin-top: 0.5rem;
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
    margin-bottom: 0.5rem;
  }
  .filters select {
    max-width: 16rem;
  }
  .filters .end {
    margin-left: auto;
    color: var(--muted);
    font-size: var(--small);
  }
  .older {
    margin-top: 1rem;
  }
  section + section {
    margin-top: 2rem;
  }
  section > h2,
  section > .title {
    padding-bottom: 0.5rem;
    border-bottom: 1px solid var(--rim);
  }
  section > .title {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0 1rem;
  }
  .title h2::first-letter {
    text-transform: uppercase;
  }
  .title > :not(h2) {
    color: var(--muted);
    font-size: var(--small);
  }
  .facts {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 0.25rem 1.5rem;
    padding-top: 0.75rem;
  }
  .facts dt {
    color: var(--muted);
  }
  .facts dd {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .note {
    display: flex;
    gap: 0.75rem;
    align-items: start;
    padding: 0.5rem 0.75rem;
    border-left: 2px solid var(--waiting);
    background: color-mix(in oklab, var(--waiting) 8%, var(--ground));
  }
  .note.failed {
    border-color: var(--failed);
    background: color-mix(in oklab, var(--failed) 8%, var(--ground));
    color: inherit;
  }
  .note > svg {
    margin-top: 0.125rem;
  }
  .note p {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  @media (max-width: 47.99rem) {
    :host {
      padding: 1rem 1rem 3rem;
    }
    .filters {
      gap: 0.5rem;
    }
    .filters filter-links,
    .filters .end {
      flex: 1 1 100%;
    }
    .filters select {
      flex: 1 1 8rem;
      min-width: 0;
      max-width: none;
    }
    .facts {
      gap: 0.25rem 1rem;
    }
  }
`
