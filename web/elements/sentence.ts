/** A message of the service as a sentence of its own. */
export const sentence = (message: string) => message.charAt(0).toUpperCase() + message.slice(1)
