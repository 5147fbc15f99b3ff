// The functions that @hey-api/openapi-ts generated.

import { type Client, Refused, type Summary } from "./client";
import {
  downloadOrderCertificate,
  type ErrorEnvelope,
  getOrder,
  listOrders,
  type OrderInfo,
  type OrderInput,
  type OrderSummary,
  orderPkioOrganisationPerson,
} from "./generated";
import { createClient, createConfig } from "./generated/client";

export type Order = OrderInput;

const summary = (order: OrderInfo | OrderSummary): Summary => ({
  id: order.id,
  status: order.status,
  product: order.product?.name_id,
  organization: order.organization?.name,
});

/** The data of an answer; a refusal is thrown. */
function data<T>(answer: { data?: T; error?: ErrorEnvelope; response?: Response }): T {
  if (answer.data === undefined) {
    throw new Refused(answer.response?.status ?? 0, answer.error?.errors.map((reason) => reason.code) ?? []);
  }
  return answer.data;
}

export function connect(baseUrl: string): Client<Order> {
  const client = createClient(createConfig({ baseUrl, auth: "hey-api" }));
  return {
    parse: (json) => json as Order,
    order: async (body) => data(await orderPkioOrganisationPerson({ client, body })).id,
    read: async (id) => summary(data(await getOrder({ client, path: { order_id: String(id) } }))),
    list: async (status) =>
      data(await listOrders({ client, query: status ? { "filters[status]": [status] } : {} })).orders.map(summary),
    download: async (id) => {
      const file = data(await downloadOrderCertificate({ client, path: { order_id: String(id) } }));
      return new Uint8Array(await file.arrayBuffer());
    },
  };
}
