"""The classes that openapi-generator generated."""

from client import Refused, Summary
from openapi_client import ApiClient, ApiException, CertificatesApi, Configuration, OrdersApi, models

ZIP = "zip"
parse = models.OrderInput.from_dict


def summary(order: models.OrderInfo | models.OrderSummary) -> Summary:
    return Summary(order.id, order.status, order.product.name_id, order.organization and order.organization.name)


class Client:
    def __init__(self, url: str):
        client = ApiClient(Configuration(host=url, api_key={"ApiKey": "openapi-generator"}))
        self._orders, self._certificates = OrdersApi(client), CertificatesApi(client)

    def order(self, order: models.OrderInput) -> int:
        try:
            return self._orders.order_pkio_organisation_person(order).id
        except ApiException as refusal:
            raise Refused(refusal.status, [error.code for error in refusal.data.errors]) from refusal

    def read(self, order_id: int) -> Summary:
        return summary(self._orders.get_order(str(order_id)))

    def list(self, status: str | None = None) -> list[Summary]:
        return [summary(order) for order in self._orders.list_orders(filters_status=status and [status]).orders]

    def download(self, order_id: int) -> bytes:
        return self._certificates.download_order_certificate(str(order_id))
