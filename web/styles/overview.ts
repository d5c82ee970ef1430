import { css } from "lit"

export const overview = css`
  .columns {
    display: grid;
    gap: 2rem 3rem;
  }
  .columns > div {
    min-width: 0;
  }
  .nothing {
    padding: 0.75rem 0;
    color: var(--muted);
  }
  .foot {
    margin-top: 2rem;
  }
  data-table {
    --table-top: var(--header);
  }
  .setup {
    margin-bottom: 2rem;
    padding: 1rem 1rem 0.5rem;
    border: 1px solid var(--hairline);
    border-left: 3px solid var(--waiting);
    background: var(--raised);
  }
  .setup h2 {
    padding: 0;
    border: 0;
  }
  .setup ul {
    margin-top: 0.5rem;
  }
  .setup li {
    display: flex;
    gap: 0.75rem;
    padding: 0.5rem 0;
    border-top: 1px solid var(--hairline);
  }
  .setup li > svg {
    margin-top: 0.125rem;
    color: var(--waiting);
  }
  .setup code {
    font-weight: var(--strong);
  }
  .setup div {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .reasons a {
    display: grid;
    grid-template-columns: 14rem minmax(0, 1fr) 3rem;
    align-items: center;
    gap: 1rem;
    padding: 0.375rem 0;
    border-bottom: 1px solid var(--hairline);
    color: var(--text);
    text-decoration: none;
  }
  .reasons a:hover {
    background: var(--hover);
  }
  .reasons a:hover span:first-child {
    text-decoration: underline;
  }
  .reasons svg {
    width: 100%;
    height: 0.5rem;
    fill: var(--waiting);
  }
  .count,
  .of {
    text-align: end;
  }
  .teams li {
    display: grid;
    grid-template-columns: 5rem minmax(0, 1fr) 3rem;
    align-items: center;
    gap: 0 1rem;
    padding: 0.375rem 0;
    border-bottom: 1px solid var(--hairline);
  }
  .teams .mono {
    overflow: hidden;
    text-overflow: ellipsis;
    color: inherit;
    font-weight: var(--strong);
    text-decoration: none;
  }
  .teams .mono:hover {
    text-decoration: underline;
  }
  .teams .more {
    grid-column: 2 / -1;
    display: flex;
    gap: 0.75rem;
  }
  .teams .more:not(:has(*)) {
    display: none;
  }
  .found {
    display: block;
  }
  .note {
    margin-top: 0.75rem;
  }
  .upstreams li {
    display: grid;
    grid-template-columns: 5rem minmax(0, 1fr);
    gap: 0 1rem;
    padding: 0.5rem 0;
    border-bottom: 1px solid var(--hairline);
  }
  .upstreams li > p,
  .budget {
    grid-column: 2;
  }
  .budget svg {
    width: 100%;
    height: 0.25rem;
    margin-top: 0.375rem;
    fill: var(--succeeded);
  }
  .budget .track {
    fill: var(--track);
  }
  .budget .low {
    fill: var(--failed);
  }
  @media (min-width: 72rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr) minmax(20rem, 26rem);
    }
  }
  @media (min-width: 110rem) {
    .wide {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      align-content: start;
      gap: 2rem 3rem;
    }
    .wide section:first-child {
      grid-column: 1 / -1;
    }
    .wide section + section {
      margin-top: 0;
    }
  }
  @media (max-width: 71.99rem) and (min-width: 48rem) {
    .side {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 2rem 3rem;
    }
    .side section + section {
      margin-top: 0;
    }
  }
  @media (max-width: 47.99rem) {
    .reasons a {
      grid-template-columns: minmax(0, 1fr) 4rem 2rem;
    }
  }
`
