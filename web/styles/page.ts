import { css } from "lit"

/** The frame all pages share: heading row, filters, sections, notes. */
export const page = css`
  :host {
    padding: 1.5rem clamp(1rem, 2vw, 2rem) 4rem;
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
  .filters {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
    margin-bottom: 0.5rem;
  }
  .filters input[type="search"] {
    flex: 0 1 20rem;
    min-width: 10rem;
  }
  .filters select {
    max-width: 14rem;
  }
  .filters .end {
    margin-left: auto;
    color: var(--muted);
    font-size: var(--small);
  }
  section + section {
    margin-top: 2rem;
  }
  section > h2 {
    padding-bottom: 0.5rem;
    border-bottom: 1px solid var(--hairline);
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
    border-left: 3px solid var(--waiting);
    background: var(--raised);
  }
  .note.failed {
    border-color: var(--failed);
  }
  @media (max-width: 47.99rem) {
    :host {
      padding: 1rem 1rem 3rem;
    }
    .filters input[type="search"] {
      flex: 1 1 100%;
    }
    .filters select {
      flex: 1 1 8rem;
    }
    .facts {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    .facts dd {
      margin-bottom: 0.5rem;
    }
  }
`
