/** A result that is JSON text already, so that nothing is serialised twice. */
export class Raw {
  readonly json: string;

  constructor(json: string) {
    this.json = json;
  }
}
