import { data, Evaluator, Lexer, Parser } from "@actions/expressions"

/** The contexts of a workflow: `github`, `inputs`, `needs` and so on. */
export type Contexts = Readonly<Record<string, unknown>>

/** How the steps or the needed jobs before this one ended. */
export type Status = "success" | "failure" | "cancelled"

const statusFunctions = (status: Status) => {
  const define = (name: string, value: boolean) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value)
  })
  return [
    define("always", true),
    define("success", status === "success"),
    define("failure", status === "failure"),
    define("cancelled", status === "cancelled")
  ]
}

const dictionaryOf = (contexts: Contexts) => {
  const dictionary = new data.Dictionary()
  for (const [name, value] of Object.entries(contexts)) {
    dictionary.add(name, JSON.parse(JSON.stringify(value), data.reviver))
  }
  return dictionary
}

const evaluate = (expression: string, contexts: Contexts, status: Status): data.ExpressionData => {
  const functions = statusFunctions(status)
  const { tokens } = new Lexer(expression).lex()
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse()
  return new Evaluator(
    parsed,
    dictionaryOf(contexts),
    new Map(functions.map((each) => [each.name, each]))
  ).evaluate()
}

const plain = (value: data.ExpressionData): unknown => JSON.parse(JSON.stringify(value, data.replacer))

const placeholder = /\$\{\{(.*?)\}\}/gs

/** A text with its expressions replaced by what they evaluate to, as GitHub does. */
export const interpolate = (text: string, contexts: Contexts): string =>
  text.replaceAll(placeholder, (_, expression: string) =>
    evaluate(expression, contexts, "success").coerceString()
  )

/** The value of a field that is one expression, or the field itself. */
export const valueOf = (field: unknown, contexts: Contexts): unknown => {
  if (typeof field !== "string") return field
  const [, expression] = /^\$\{\{(.*)\}\}$/s.exec(field) ?? []
  return expression === undefined
    ? interpolate(field, contexts)
    : plain(evaluate(expression, contexts, "success"))
}

const asksForStatus = /\b(?:always|success|failure|cancelled)\(\)/

/** Whether an `if:` holds; without a status function it also asks for success. */
export const holds = (condition: string | undefined, contexts: Contexts, status: Status): boolean => {
  if (condition === undefined) return status === "success"
  if (!asksForStatus.test(condition) && status !== "success") return false
  const value = plain(evaluate(condition, contexts, status))
  return value !== null && value !== false && value !== 0 && value !== ""
}
