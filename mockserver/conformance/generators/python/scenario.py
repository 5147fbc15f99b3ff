"""Uses a generated client as a program would: see ../run."""

import json
import os
import pathlib
import time

from api import Client, parse
from client import Refused, Summary
from written import incomplete, written

EXAMPLES, RECORDED = pathlib.Path(os.environ["EXAMPLES"]), pathlib.Path(os.environ["RECORDED"])

client = Client(os.environ["MOCK_URL"] + "/services/v2")
for name in "vendor_new_individual", "vendor_existing_individual":
    example = (EXAMPLES / f"orderPkioOrganisationPerson.{name}.request.json").read_text()
    client.order(parse(json.loads(example)))
order_id = client.order(written)

order = client.read(order_id)
for _ in range(100):
    if order.status == "issued":
        break
    time.sleep(0.1)  # the certificate is made in the background
    order = client.read(order_id)
assert order == Summary(order_id, "issued", "pkio_organisation_person", "Roe B.V."), order

issued = client.list("issued")
assert order in issued, issued
assert all(item.status == "issued" for item in issued), issued

try:
    client.order(incomplete)
    raise AssertionError("an order with a card and without a billing address was taken")
except Refused as refused:
    assert refused.status == 400 and refused.codes == ["missing_field|billing_address"], refused

assert client.download(order_id).startswith(b"PK")  # a ZIP


def summary(item):
    return Summary(item["id"], item["status"], item["product"]["name_id"], item.get("organization", {}).get("name"))


# Answers that the real service was recorded with, of other products and in states that the contract does not list.
for file in RECORDED.glob("*.json"):
    operation, recording, _ = file.name.split(".")
    answer = json.loads(file.read_text())
    recorded = Client(f"{os.environ['RECORDED_URL']}/{recording}")
    if operation == "getOrder":
        assert recorded.read(answer["id"]) == summary(answer), file
    elif operation == "listOrders":
        assert recorded.list() == [summary(item) for item in answer["orders"]], file
