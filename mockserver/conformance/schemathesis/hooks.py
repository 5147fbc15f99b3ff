"""Hooks for Schemathesis: the state of the account, the decoders of files, and the minimum that each run must reach."""

import collections
import csv
import io
import json
import os
import pathlib
import zipfile

import hypothesis
import requests
import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

MOCK = os.environ["MOCK_URL"]
EXAMPLES = pathlib.Path(__file__).resolve().parents[3] / "openapi/examples"
ORDER = json.loads((EXAMPLES / "orderPkioOrganisationPerson.vendor_existing_individual.request.json").read_text())
ORGANIZATION = json.loads((EXAMPLES / "createOrganization.with_contacts.request.json").read_text())
# A rule that no request of this test matches.
FAULT = {"match": {"path": "/none"}, "action": {"hang": True}}

mock = requests.Session()
mock.headers["X-DC-DEVKEY"] = os.environ["MOCK_KEY"]
mock.headers["X-Mock-Token"] = os.environ["MOCK_TOKEN"]
sequence = None  # the current sequence of linked cases

# These act on an order that is not issued yet.
PENDING = {
    "POST /_mock/orders/{order_id}/transition",
    "POST /_mock/orders/{order_id}/token/transition",
    "PUT /_mock/orders/{order_id}/token/csr",
    "PUT /order/certificate/{order_id}/status",
}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Starts every case, and every sequence of linked cases, from the same account.

    Without this, orders would be refused after the first deactivated organization. And Hypothesis replays parts of
    earlier sequences; it stops if an API does not repeat its responses.

    The account holds the resources of the contract's examples: order 843668399, which is issued, or pending for the
    operations in PENDING, and request 1 of a second order, which can be approved. It also has organization 1920074, which
    no order uses, so that it can be deactivated and deleted. The account and the server have one fault rule each.
    """
    global sequence
    # A rule of the server for the files of a CA would make later cases of a sequence fail: valid rules get another path.
    if case.operation.label == "POST /_mock/server/faults" and case.meta.generation.mode.is_positive:
        case.body["match"] = case.body.get("match", {}) | {"path": "/none"}
    # The longest wait is a minute, and Schemathesis waits for ten seconds.
    if case.operation.label == "GET /_mock/journal/wait" and case.query and str(case.query.get("timeout", "5s")).endswith("s"):
        case.query["timeout"] = "0s"
    if case.meta.phase.name == "stateful":
        current = hypothesis.control.current_build_context().data
        if current is sequence:
            return
        sequence = current
    mock.post(f"{MOCK}/_mock/reset").raise_for_status()
    mock.delete(f"{MOCK}/_mock/server/faults").raise_for_status()
    for owner in "", "/server":
        mock.post(f"{MOCK}/_mock{owner}/faults", json=FAULT).raise_for_status()
    mock.post(f"{MOCK}/services/v2/organization", json=ORGANIZATION).raise_for_status()
    life = "manual" if case.operation.label in PENDING else "auto"
    mock.put(f"{MOCK}/_mock/account", json={"life": life}).raise_for_status()
    for skip_approval in True, False:
        url = f"{MOCK}/services/v2/order/certificate/pkio_organisation_person"
        mock.post(url, json=ORDER | {"skip_approval": skip_approval}).raise_for_status()
    mock.post(f"{MOCK}/_mock/settle").raise_for_status()
    mock.put(f"{MOCK}/_mock/account", json={"life": "auto"}).raise_for_status()
    if case.operation.label == "POST /_mock/orders/{order_id}/token/redeem" and case.meta.phase.name == "examples":
        token = f"{MOCK}/_mock/orders/843668399/token"
        code, pin = mock.get(token).json()["init_code"], mock.get(f"{token}/pin").json()["pin"]
        kwargs["json"] = {"init_code": code, "pin": pin}
    # Ids of calls go on after a reset, so that none is known before. Other phases keep the ids that they make up.
    if case.operation.label == "GET /_mock/journal/{id}" and case.meta.phase.name == "examples":
        case.path_parameters["id"] = mock.get(f"{MOCK}/_mock/journal").json()["calls"][-1]["id"]


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Accepts a 400 for a valid request only if the operation declares the rule that the mock applied.

    A schema cannot say that an organization has to exist, or that a balance has to suffice. Operations list the codes of
    such rules in x-domain-rules. A 400 with any other code is a failure.

    An invalid request may succeed only with the header X-Mock-Tolerated (D-80). With it, a valid request may also lack a
    member: the id 0 is an id in the contract, and the mock reads it as absent.
    """
    tolerated = any(name.lower() == "x-mock-tolerated" for name in response.headers)
    if isinstance(failure, AcceptedNegativeData):
        return not tolerated
    if response.status_code == 408 and case.operation.label == "GET /_mock/journal/wait":
        return False  # what it waits for has not come
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 400:
        return True
    declared = set(case.operation.definition.raw.get("x-domain-rules", ()))
    if tolerated:
        declared.add("missing_field")
    codes = {error["code"].partition("|")[0] for error in response.json()["errors"]}
    return not codes <= declared


@schemathesis.deserializer("text/csv")
def text_csv(context, response):
    """Decodes CSV as text, after checking that each line has as many values as the first."""
    text = response.content.decode()
    lengths = {len(line) for line in csv.reader(io.StringIO(text, newline=""), strict=True)}
    if len(lengths) != 1:
        raise ValueError(f"lines of {sorted(lengths)} values")
    return text


@schemathesis.deserializer("application/x-pem-file", "application/x-pkcs7-certificates")
def pem(context, response):
    """Decodes PEM as text, after checking that there is nothing between the blocks."""
    text = response.content.decode("ascii")
    lines = text.splitlines()
    if not text.endswith("-----\n") or "" in lines or lines[0][:11] != "-----BEGIN " or text.count("-----BEGIN ") != text.count("-----END "):
        raise ValueError("not PEM")
    return text


@schemathesis.deserializer("application/zip")
def archive(context, response):
    """Decodes an archive as octets, after checking that it is complete and not empty."""
    with zipfile.ZipFile(io.BytesIO(response.content)) as files:
        if files.testzip() or not files.namelist():
            raise ValueError("a broken or empty archive")
    return response.content.decode("latin-1")


@schemathesis.deserializer("application/pkix-cert", "application/pkix-crl", "application/x-pkcs12")
def der(context, response):
    """Decodes DER as octets, after checking that it is one SEQUENCE without trailing data."""
    content = response.content
    if content[0] != 0x30 or content[1] != 0x82 or len(content) != 4 + int.from_bytes(content[2:4]):
        raise ValueError("not DER")
    return content.decode("latin-1")


@schemathesis.check
class enough_cases:
    """Fails a run that sent fewer cases than the configuration asks for.

    Schemathesis ends the stateful phase early, without a message, if a sequence cannot be replayed exactly.
    """

    def __init__(self, total):
        self.total = total
        self.sent = 0

    def after_response(self, ctx, response, case):
        self.sent += 1

    def after_run(self, ctx):
        assert self.sent >= self.total, f"only {self.sent} cases were sent, not {self.total}"


@schemathesis.check
class every_operation_succeeds:
    """Fails a run in which an operation never succeeded.

    The stateful phase is excepted: sequences of linked calls do not reach every operation.
    """

    def __init__(self):
        self.succeeded = collections.Counter()
        self.linked_only = True

    def after_response(self, ctx, response, case):
        self.linked_only = self.linked_only and case.meta.phase.name == "stateful"
        self.succeeded[case.operation.label] += 200 <= response.status_code < 300

    def after_run(self, ctx):
        if self.linked_only:
            return
        never = sorted(label for label, times in self.succeeded.items() if times == 0)
        assert not never, f"no case of {', '.join(never)} succeeded"
