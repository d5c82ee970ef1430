import {
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type SelectionSetNode,
  type ValidatedExecutionArgs
} from "graphql"

export const maxComplexity = 10_000
const defaultSize = 50

const typeOfField = (parent: GraphQLCompositeType, name: string): GraphQLOutputType | undefined =>
  "getFields" in parent ? parent.getFields()[name]?.type : undefined

/** Linear's published formula: 0.1 a property, 1 an object, a connection multiplies its content by its page size. */
export const complexityOf = (args: ValidatedExecutionArgs): number => {
  const { schema, operation, fragments, variableValues } = args

  const pageSize = (field: FieldNode): number => {
    const argument = field.arguments?.find(({ name }) => name.value === "first" || name.value === "last")
    if (argument?.value.kind === Kind.INT) return Number(argument.value.value)
    const value =
      argument?.value.kind === Kind.VARIABLE ? variableValues.coerced[argument.value.name.value] : undefined
    return typeof value === "number" ? value : defaultSize
  }

  const ofField = (parent: GraphQLCompositeType, field: FieldNode): number => {
    const type = typeOfField(parent, field.name.value)
    const named = type === undefined ? undefined : getNamedType(type)
    if (field.selectionSet === undefined || !isCompositeType(named)) return 0.1
    const inside = ofSelections(named, field.selectionSet)
    return 1 + (named.name.endsWith("Connection") ? pageSize(field) * inside : inside)
  }

  const ofSelections = (parent: GraphQLCompositeType, { selections }: SelectionSetNode): number =>
    selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + ofField(parent, selection)
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments[selection.name.value]?.definition
        return fragment === undefined ? sum : sum + ofCondition(fragment.typeCondition.name.value, fragment)
      }
      const condition = selection.typeCondition?.name.value ?? parent.name
      return sum + ofCondition(condition, selection)
    }, 0)

  const ofCondition = (name: string, node: { readonly selectionSet: SelectionSetNode }): number => {
    const type = schema.getType(name)
    return isCompositeType(type) ? ofSelections(type, node.selectionSet) : 0
  }

  const root = schema.getRootType(operation.operation)
  return isObjectType(root) ? Math.ceil(ofSelections(root, operation.selectionSet)) : 0
}
