// The types that openapi-typescript generated, through openapi-fetch.

import createClient from "openapi-fetch";
import { type Client, Refused, type Summary } from "./client";
import type { components, paths } from "./contract";

type Schemas = components["schemas"];
export type Order = Schemas["OrderInput"];

const summary = (order: Schemas["OrderInfo"] | Schemas["OrderSummary"]): Summary => ({
  id: order.id,
  status: order.status,
  product: order.product?.name_id,
  organization: order.organization?.name,
});

const refused = (status: number, error: Schemas["ErrorEnvelope"]) =>
  new Refused(status, error.errors.map((reason) => reason.code));

export function connect(baseUrl: string): Client<Order> {
  const client = createClient<paths>({ baseUrl, headers: { "X-DC-DEVKEY": "openapi-fetch" } });
  return {
    parse: (json) => json as Order,
    order: async (body) => {
      const { data, error, response } = await client.POST("/order/certificate/pkio_organisation_person", { body });
      if (error) {
        throw refused(response.status, error);
      }
      return data.id;
    },
    read: async (id) => {
      const params = { path: { order_id: String(id) } };
      const { data, error, response } = await client.GET("/order/certificate/{order_id}", { params });
      if (error) {
        throw refused(response.status, error);
      }
      return summary(data);
    },
    list: async (status) => {
      const params = { query: status ? { "filters[status]": [status] } : {} };
      const { data, error, response } = await client.GET("/order/certificate", { params });
      if (error) {
        throw refused(response.status, error);
      }
      return data.orders.map(summary);
    },
    download: async (id) => {
      const params = { path: { order_id: String(id) } };
      const { data, error, response } = await client.GET("/certificate/download/order/{order_id}", {
        params,
        parseAs: "arrayBuffer",
      });
      if (error) {
        throw refused(response.status, error);
      }
      return new Uint8Array(data);
    },
  };
}
