"""Orders that a program writes."""

from api import ZIP, models

individual = models.IndividualInput(
    first_name="Jane",
    last_name="Roe",
    email="jane.roe@example.com",
    telephone="+31 70 000 0000",
    country="nl",
    state="Zuid-Holland",
    city="Den Haag",
    **{ZIP: "2515 AA"},
)
contact = models.ContactInput(
    contact_type=models.ContactType("verified_contact"),
    first_name="Rick",
    last_name="Roe",
    email="rick.roe@example.com",
    job_title="Director",
    telephone="+31 70 000 0001",
)
members = dict(
    certificate=models.CertificateInput(
        signature_hash=models.SignatureHashInput("sha256"),
        profile_option=models.ProfileOptionInput("encryption"),
        individual=individual,
    ),
    csa_agreed_to=True,
    cs_provisioning_method=models.ProvisioningMethodInput("token"),
    ship_info=models.ShipInfoInput(
        name="Jane Roe",
        addr1="Stationsplein 1",
        addr2="",
        city="Den Haag",
        state="Zuid-Holland",
        **{ZIP: "2515 AA"},
        country="nl",
        method=models.ShippingMethodInput("STANDARD"),
    ),
    organization=models.OrderOrganizationInput(
        name="Roe B.V.",
        address="Stationsplein 1",
        city="Den Haag",
        state="Zuid-Holland",
        **{ZIP: "2515 AA"},
        country="nl",
        telephone="+31 70 000 0000",
        contacts=[contact],
    ),
    order_validity=models.OrderValidity(years=3),
    payment_method=models.PaymentMethodInput("card"),
    credit_card=models.CreditCard(
        number="4111111111111111",
        expiration_month="12",
        expiration_year="2029",
        cvv="333",
        cardholder_name="Jane Roe",
        set_as_default=models.SetAsDefault("0"),
    ),
    billing_address=models.BillingAddressInput(
        address="Stationsplein 1", city="Den Haag", country="nl", **{ZIP: "2515 AA"}
    ),
)

# A new individual, a new organization, and a card.
written = models.OrderInput(**members)

# The same without a member that a card needs, which no type shows.
del members["billing_address"]
incomplete = models.OrderInput(**members)
