// What the scenario needs of a generated client. The file api.ts of each generator's folder connects one.

/** A client of the service at one address. */
export interface Client<Order> {
  /** The order as the generated types have it, from the JSON of an example. */
  parse(json: unknown): Order;
  /** Places an order and returns its id. A refusal is thrown as Refused. */
  order(order: Order): Promise<number>;
  read(id: number): Promise<Summary>;
  list(status?: "issued"): Promise<Summary[]>;
  download(id: number): Promise<Uint8Array>;
}

/** Members of an order, or of an item of the list, by which the scenario knows it again. */
export interface Summary {
  id: number;
  status: string;
  product: string | undefined;
  organization: string | undefined;
}

/** A refusal of the service, from the generated type of its body. */
export class Refused extends Error {
  constructor(readonly status: number, readonly codes: string[]) {
    super(`${status}: ${codes.join(", ")}`);
  }
}
