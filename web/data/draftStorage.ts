import { session } from "./session.ts"

const prefix = "ai-implement.kept."

const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix))

/** Unsent input of this tab: it survives an expired session, but not a sign-out. */
export const draftStorage = {
  get: <A>(name: string): A | undefined => {
    const text = sessionStorage.getItem(prefix + name)
    return text === null ? undefined : (JSON.parse(text) as A)
  },
  set: (name: string, value: unknown) => sessionStorage.setItem(prefix + name, JSON.stringify(value)),
  drop: (name: string) => sessionStorage.removeItem(prefix + name)
}

session.addEventListener("change", () => {
  if (session.endedBecause === "left") for (const key of keys()) sessionStorage.removeItem(key)
})
