// The functions that orval generated.

import axios from "axios";
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

export type Order = OrderInput;

const summary = (order: OrderInfo | OrderSummary): Summary => ({
  id: order.id,
  status: order.status,
  product: order.product?.name_id,
  organization: order.organization?.name,
});

axios.interceptors.response.use(undefined, (error) => {
  if (axios.isAxiosError<ErrorEnvelope>(error) && error.response) {
    throw new Refused(error.response.status, error.response.data.errors.map((reason) => reason.code));
  }
  throw error;
});

export function connect(baseURL: string): Client<Order> {
  const options = { baseURL, headers: { "X-DC-DEVKEY": "orval" } };
  return {
    parse: (json) => json as Order,
    order: async (body) => (await orderPkioOrganisationPerson(body, options)).data.id,
    read: async (id) => summary((await getOrder(String(id), {}, options)).data),
    list: async (status) => {
      const { data } = await listOrders(status ? { "filters[status]": [status] } : {}, options);
      return data.orders.map(summary);
    },
    download: async (id) => {
      const { data } = await downloadOrderCertificate(String(id), { ...options, responseType: "arraybuffer" });
      return new Uint8Array(data as unknown as ArrayBuffer); // axios makes no Blob in Node
    },
  };
}
