import { css } from "lit"
import { base } from "./base.ts"
import { controls } from "./controls.ts"

export const shell = [
  base,
  controls,
  css`
    :host {
      display: grid;
      grid-template: var(--header) minmax(calc(100dvh - var(--header)), auto) / var(--rail) minmax(0, 1fr);
      min-height: 100dvh;
    }
    .skip {
      position: fixed;
      z-index: 5;
      top: 0.5rem;
      left: 0.5rem;
      padding: 0.25rem 0.75rem;
      background: var(--float);
    }
    .skip:not(:focus) {
      clip-path: inset(50%);
    }
    header {
      position: sticky;
      z-index: 3;
      top: 0;
      grid-column: 1 / -1;
      display: flex;
      align-items: center;
      gap: 1rem;
      height: var(--header);
      padding: 0 var(--gutter) 0 1rem;
      border-bottom: 1px solid var(--hairline);
      background: var(--chrome);
    }
    .brand {
      display: flex;
      align-items: center;
      gap: 0.5rem;
      width: calc(var(--rail) - 2rem + var(--gutter) - 1rem);
      font-weight: var(--strong);
      text-decoration: none;
    }
    .brand svg {
      color: var(--accent);
    }
    header form {
      position: relative;
      flex: 0 1 26rem;
      min-width: 0;
    }
    header form > svg,
    header kbd {
      position: absolute;
      top: 0.5rem;
      left: 0.5rem;
      color: var(--muted);
      pointer-events: none;
    }
    header kbd {
      top: 0.375rem;
      right: 0.375rem;
      left: auto;
    }
    header input {
      width: 100%;
      padding: 0.25rem 2rem;
      border-color: var(--rim);
      text-overflow: ellipsis;
    }
    header input:focus ~ kbd,
    header input:not(:placeholder-shown) ~ kbd {
      display: none;
    }
    .menu {
      display: none;
      padding: 0 0.5rem;
      border-color: transparent;
    }
    .pulse {
      display: flex;
      align-items: center;
      margin-left: auto;
    }
    .reconnecting {
      display: inline-flex;
      align-items: center;
      gap: 0.5rem;
      color: var(--waiting);
      font-weight: var(--strong);
    }
    .rail {
      position: sticky;
      top: var(--header);
      inset-inline: auto;
      display: flex;
      flex-direction: column;
      justify-content: space-between;
      gap: 1.5rem;
      width: auto;
      height: calc(100dvh - var(--header));
      margin: 0;
      padding: 0.75rem 0;
      border: 0;
      border-right: 1px solid var(--hairline);
      background: var(--chrome);
      color: var(--text);
      overflow-y: auto;
    }
    nav {
      display: grid;
    }
    nav a {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 0.5rem;
      min-height: 2rem;
      padding: 0 1rem;
      border-left: 2px solid transparent;
      color: var(--muted);
      text-decoration: none;
      white-space: nowrap;
      transition: background-color var(--quick);
    }
    nav a.group {
      margin-top: 1rem;
    }
    nav a:hover {
      background: var(--hover);
      color: var(--text);
    }
    nav a[aria-current] {
      border-left-color: var(--accent);
      color: var(--text);
      font-weight: var(--strong);
    }
    nav a:focus-visible {
      outline-offset: -2px;
    }
    .count {
      display: inline-flex;
      align-items: center;
      gap: 0.375rem;
      color: var(--muted);
      font-size: var(--small);
      font-weight: 400;
    }
    .count.live::before {
      content: "";
      width: 0.375rem;
      height: 0.375rem;
      border-radius: 50%;
      background: var(--running);
    }
    .person {
      display: grid;
      gap: 0.75rem;
      padding: 0 1rem;
    }
    .person p {
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .person > div {
      display: flex;
      gap: 0.25rem;
    }
    .person > div button:first-child {
      margin-left: -0.5rem;
    }
    main {
      min-width: 0;
    }
    main:focus-visible,
    main:focus {
      outline: none;
    }
    main.alone {
      grid-column: 1 / -1;
      grid-row: 1 / -1;
    }
    .lost {
      padding: 1.5rem var(--gutter);
    }
    .paused {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.5rem 0.75rem;
      padding: 0.5rem var(--gutter);
      border-bottom: 1px solid var(--waiting);
      background: color-mix(in oklab, var(--waiting) 12%, var(--ground));
    }
    .paused p {
      flex: 0 1 auto;
      min-width: 0;
      max-width: calc(100% - 2rem);
      overflow-wrap: anywhere;
    }
    .paused > svg {
      color: var(--waiting);
    }
    .notice {
      position: fixed;
      z-index: 4;
      right: 1.5rem;
      bottom: 1.5rem;
      max-width: min(32rem, calc(100vw - 2rem));
    }
    .notice p {
      display: flex;
      align-items: start;
      gap: 0.75rem;
      padding: 0.75rem 1rem;
      border: 1px solid var(--rim);
      border-radius: var(--round);
      background: var(--float);
      box-shadow: var(--shadow);
    }
    .notice svg {
      margin-top: 0.125rem;
    }
    .notice .done svg {
      color: var(--succeeded);
    }
    .notice .failed svg {
      color: var(--failed);
    }
    .notice button {
      margin: -0.125rem 0;
    }
    @media (max-width: 47.99rem) {
      :host {
        grid-template: var(--header) minmax(calc(100dvh - var(--header)), auto) / minmax(0, 1fr);
      }
      header {
        gap: 0.5rem;
        padding: 0 1rem 0 0.5rem;
      }
      .menu {
        display: inline-flex;
      }
      .brand,
      header kbd {
        display: none;
      }
      header form {
        flex: 1 1 auto;
      }
      .rail {
        position: fixed;
        inset: 0 auto 0 0;
        width: 16rem;
        height: 100dvh;
        max-height: none;
        padding-top: 1rem;
        box-shadow: var(--shadow);
      }
      .rail:not(:popover-open) {
        display: none;
      }
      .rail::backdrop {
        background: var(--veil);
      }
      nav a {
        min-height: 2.5rem;
      }
      .notice {
        right: 1rem;
        left: 1rem;
        bottom: 1rem;
      }
    }
  `
]
