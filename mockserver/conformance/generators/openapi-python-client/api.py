"""The functions that openapi-python-client generated."""

from client import Refused, Summary
from generated import AuthenticatedClient, models
from generated.api.certificates import download_order_certificate
from generated.api.orders import get_order, list_orders, order_pkio_organisation_person
from generated.types import UNSET

ZIP = "zip_"  # not the function of Python
parse = models.OrderInput.from_dict


def summary(order: models.OrderInfo | models.OrderSummary) -> Summary:
    return Summary(order.id, order.status, order.product.name_id, order.organization.name if order.organization else None)


class Client:
    def __init__(self, url: str):
        self._client = AuthenticatedClient(url, "openapi-python-client", prefix="", auth_header_name="X-DC-DEVKEY")

    def order(self, order: models.OrderInput) -> int:
        answer = order_pkio_organisation_person.sync_detailed(client=self._client, body=order)
        if isinstance(answer.parsed, models.ErrorEnvelope):
            raise Refused(answer.status_code, [error.code for error in answer.parsed.errors])
        return answer.parsed.id

    def read(self, order_id: int) -> Summary:
        return summary(get_order.sync(str(order_id), client=self._client))

    def list(self, status: str | None = None) -> list[Summary]:
        filters = [models.OrderStatusFilter(status)] if status else UNSET
        return [summary(order) for order in list_orders.sync(client=self._client, filtersstatus=filters).orders]

    def download(self, order_id: int) -> bytes:
        return download_order_certificate.sync_detailed(str(order_id), client=self._client).content
