import { css } from "lit"

export const waterfall = css`
  :host {
    --names: 11rem;
    --after: 5rem;
    padding: 0.5rem 0 1rem;
  }
  .axis {
    position: relative;
    height: 1.5rem;
    margin: 0 var(--after) 0 var(--names);
    color: var(--muted);
    font-size: var(--small);
  }
  .axis span {
    position: absolute;
    padding-left: 0.25rem;
    white-space: nowrap;
  }
  .plot {
    position: relative;
    border-block: 1px solid var(--hairline);
  }
  .over {
    position: absolute;
    inset: 0 var(--after) 0 var(--names);
    pointer-events: none;
  }
  .over i {
    position: absolute;
    inset-block: 0;
    border-left: 1px solid var(--hairline);
  }
  .over .now {
    border-color: var(--accent);
    transition: left var(--quick) linear;
  }
  .now b {
    position: absolute;
    top: 100%;
    left: 0;
    padding: 0 0.25rem;
    translate: -50% 0;
    color: var(--accent);
    font-size: var(--small);
    font-style: normal;
    line-height: 1rem;
  }
  li {
    position: relative;
    display: grid;
    grid-template-columns: var(--names) minmax(0, 1fr) var(--after);
    height: 1.75rem;
  }
  li:hover {
    background: var(--hover);
  }
  .name {
    padding: 0 0.75rem 0 0.5rem;
    overflow: hidden;
    line-height: 1.75rem;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .part .name {
    padding-left: 1.5rem;
    color: var(--muted);
  }
  .part .bar {
    top: 0.6875rem;
    height: 0.375rem;
  }
  .lane {
    position: relative;
  }
  .lane > i {
    position: absolute;
  }
  .bar {
    top: 0.5rem;
    height: 0.75rem;
    min-width: 3px;
    border-radius: 2px;
    background: var(--edge);
    transition: width var(--quick) linear;
  }
  .bar.running {
    background: var(--running);
  }
  .bar.waiting {
    background: var(--waiting);
  }
  .bar.succeeded {
    background: var(--succeeded);
  }
  .bar.failed {
    background: var(--failed);
  }
  .bar.open {
    border-start-end-radius: 0;
    border-end-end-radius: 0;
  }
  .gap {
    top: calc(0.875rem - 0.5px);
    border-top: 1px dashed var(--edge);
  }
  .drop {
    top: -0.5rem;
    height: 1rem;
    border-left: 1px solid var(--edge);
  }
  .mark {
    top: 0.625rem;
    width: 0.5rem;
    height: 0.5rem;
    margin-left: -0.25rem;
    border: 1.5px solid var(--text);
    background: var(--ground);
    rotate: 45deg;
  }
  .took {
    position: absolute;
    padding: 0 0.5rem;
    color: var(--muted);
    font-size: var(--small);
    line-height: 1.75rem;
    white-space: nowrap;
  }
  @media (max-width: 47.99rem) {
    :host {
      --names: 6.5rem;
      --after: 4.5rem;
    }
    .name {
      padding: 0 0.5rem 0 0;
      font-size: var(--small);
    }
    .axis span:not(:first-child, :last-child) {
      display: none;
    }
  }
`
