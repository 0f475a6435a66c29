/** A program that this machine must have is not on it. The message says what to install. */
export class MissingToolError extends Error {
  override readonly name = 'MissingToolError';
}

/** A tool could not be fetched or made. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
