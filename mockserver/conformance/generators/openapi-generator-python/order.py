"""Uses the client that openapi-generator generated."""

import json
import os
import pathlib
import time

import openapi_client
from openapi_client import models

EXAMPLES = pathlib.Path(os.environ["EXAMPLES"])
CONTRACT = json.loads(pathlib.Path(os.environ["ROOT"], "gen/spec/certcentral.json").read_text())

# The schemas are the only models: a `not` or an `anyOf` in them would make more, without a name of their own.
schemas = {name.lower() for name in CONTRACT["components"]["schemas"]}
ghosts = [name for name in vars(models) if name[0].isupper() and name.lower() not in schemas]
assert not ghosts, f"models of nothing that the contract names: {ghosts}"


def example(name):
    return json.loads((EXAMPLES / f"orderPkioOrganisationPerson.{name}.request.json").read_text())


configuration = openapi_client.Configuration(host=os.environ["MOCK_URL"] + "/services/v2", api_key={"ApiKey": "python"})
with openapi_client.ApiClient(configuration) as client:
    orders = openapi_client.OrdersApi(client)
    certificates = openapi_client.CertificatesApi(client)

    for name in "vendor_new_individual", "vendor_existing_individual", "card_and_days", "new_organization":
        body = example(name)
        if name == "new_organization":  # a number that the pattern of an engine that looks at the start only has refused
            body["organization"]["telephone"] = "+31 70 000 0000"
        created = orders.order_pkio_organisation_person(openapi_client.OrderInput.from_dict(body))
        assert created.id, created

    order_id = str(created.id)
    for _ in range(100):  # the certificate is made in the background
        order = orders.get_order(order_id)
        if order.status == "issued":
            break
        time.sleep(0.1)
    assert order.status == "issued", order.status

    assert orders.list_orders(filters_status=["issued"]).orders

    body = example("new_organization")
    body["organization"] = {"id": "1", "contacts": []}
    try:
        orders.order_pkio_organisation_person(openapi_client.OrderInput.from_dict(body))
        raise AssertionError("an organization that is not there was taken")
    except openapi_client.ApiException as refusal:
        assert refusal.status == 400 and refusal.data.errors[0].code, refusal

    assert certificates.download_order_certificate(order_id)
