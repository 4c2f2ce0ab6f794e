/** What the schema says of a value that is not there, for people; other messages as they are. */
export function schemaWords(message: string): string {
  return message.replace(
    /^Invalid input: expected (.+), received undefined$/,
    'is missing, a $1 is expected',
  );
}
