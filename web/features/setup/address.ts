import { base } from "../../router/navigation.ts"

/** The page of the set-up; not among the addresses of the first load. */
export const setupAddress = `${base}/setup`
