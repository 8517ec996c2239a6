import { InfrastructureFault } from "../platform/errors.ts";

/** A fault of the sandboxes on our own side, with what the container last wrote to stderr, for the log. */
export class SandboxFault extends InfrastructureFault {
  readonly stderr: string;
  constructor(message: string, stderr = "", outage = false) {
    super(stderr ? `${message}; it last wrote: ${stderr.slice(-2000)}` : message, { outage });
    this.stderr = stderr;
  }
}

/** The suite's own tests could not be collected: the message is the suite writer's to read. */
export class SuiteFault extends InfrastructureFault {}
