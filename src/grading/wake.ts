/** A bell: `wait` returns at once when it has been rung since, else when it is rung or the time is over. */
export class Wake {
  private rung = false;
  private readonly sleepers = new Set<() => void>();

  call(): void {
    this.rung = true;
    for (const sleeper of this.sleepers) sleeper();
  }

  async wait(ms: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.sleepers.delete(done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        this.sleepers.add(done);
      });
    }
    this.rung = false;
  }
}
