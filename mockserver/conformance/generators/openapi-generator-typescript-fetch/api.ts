// The classes that openapi-generator generated.

import { type Client, Refused, type Summary } from "./client";
import {
  CertificatesApi,
  Configuration,
  ErrorEnvelopeFromJSON,
  type OrderInfo,
  type OrderInput,
  OrderInputFromJSON,
  OrdersApi,
  type OrderSummary,
  ResponseError,
} from "./generated";

export type Order = OrderInput;

const summary = (order: OrderInfo | OrderSummary): Summary => ({
  id: order.id,
  status: order.status,
  product: order.product?.nameId,
  organization: order.organization?.name,
});

export function connect(basePath: string): Client<Order> {
  const configuration = new Configuration({ basePath, apiKey: "typescript-fetch" });
  const orders = new OrdersApi(configuration);
  const certificates = new CertificatesApi(configuration);
  return {
    parse: OrderInputFromJSON,
    order: async (orderInput) => {
      try {
        return (await orders.orderPkioOrganisationPerson({ orderInput })).id;
      } catch (error) {
        if (error instanceof ResponseError) {
          const { errors } = ErrorEnvelopeFromJSON(await error.response.json());
          throw new Refused(error.response.status, errors.map((reason) => reason.code));
        }
        throw error;
      }
    },
    read: async (id) => summary(await orders.getOrder({ orderId: String(id) })),
    list: async (status) => (await orders.listOrders(status && { filtersStatus: [status] })).orders.map(summary),
    download: async (id) => {
      const file = await certificates.downloadOrderCertificate({ orderId: String(id) });
      return new Uint8Array(await file.arrayBuffer());
    },
  };
}
