// What a person did that cannot work, said in one sentence with the command to type instead. Ends the program with an exit code.

/** Exit code for an option that is wrong. */
export const EXIT_USAGE = 2;

/** Exit code for everything else that did not work out. */
export const EXIT_FAILURE = 1;

export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: number;

  /** @param command the very command to type instead. */
  constructor(problem: string, command: string, exitCode: number = EXIT_FAILURE) {
    super(`${problem} Type: ${command}`);
    this.exitCode = exitCode;
  }
}
