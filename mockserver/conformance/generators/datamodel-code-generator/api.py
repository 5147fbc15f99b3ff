"""The models that datamodel-code-generator generated, sent with httpx."""

import httpx
import models
from client import Refused, Summary

ZIP = "zip"
parse = models.OrderInput.model_validate


def summary(order: models.OrderInfo | models.OrderSummary) -> Summary:
    return Summary(order.id, order.status.root, order.product.name_id, order.organization and order.organization.name)


class Client:
    def __init__(self, url: str):
        self._client = httpx.Client(base_url=url, headers={"X-DC-DEVKEY": "datamodel-code-generator"})

    def order(self, order: models.OrderInput) -> int:
        body = order.model_dump(mode="json", exclude_none=True)
        answer = self._client.post("/order/certificate/pkio_organisation_person", json=body)
        if answer.is_error:
            refusal = models.ErrorEnvelope.model_validate_json(answer.content)
            raise Refused(answer.status_code, [error.code for error in refusal.errors])
        return models.OrderCreated.model_validate_json(answer.content).id

    def read(self, order_id: int) -> Summary:
        answer = self._client.get(f"/order/certificate/{order_id}").raise_for_status()
        return summary(models.OrderInfo.model_validate_json(answer.content))

    def list(self, status: str | None = None) -> list[Summary]:
        params = {"filters[status]": status} if status else {}
        answer = self._client.get("/order/certificate", params=params).raise_for_status()
        return [summary(order) for order in models.OrderList.model_validate_json(answer.content).orders]

    def download(self, order_id: int) -> bytes:
        return self._client.get(f"/certificate/download/order/{order_id}").raise_for_status().content
