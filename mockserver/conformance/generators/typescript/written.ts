import type { Order } from "./api";

/** An order that a program writes: a new individual, a new organization, and a card. */
export const written: Order = {
  certificate: {
    signature_hash: "sha256",
    profile_option: "encryption",
    individual: {
      first_name: "Jane",
      last_name: "Roe",
      email: "jane.roe@example.com",
      telephone: "+31 70 000 0000",
      country: "nl",
      state: "Zuid-Holland",
      city: "Den Haag",
      zip: "2515 AA",
    },
  },
  csa_agreed_to: true,
  cs_provisioning_method: "token",
  ship_info: {
    name: "Jane Roe",
    addr1: "Stationsplein 1",
    addr2: "",
    city: "Den Haag",
    state: "Zuid-Holland",
    zip: "2515 AA",
    country: "nl",
    method: "STANDARD",
  },
  organization: {
    name: "Roe B.V.",
    address: "Stationsplein 1",
    city: "Den Haag",
    state: "Zuid-Holland",
    zip: "2515 AA",
    country: "nl",
    telephone: "+31 70 000 0000",
    contacts: [
      {
        contact_type: "verified_contact",
        first_name: "Rick",
        last_name: "Roe",
        email: "rick.roe@example.com",
        job_title: "Director",
        telephone: "+31 70 000 0001",
      },
    ],
  },
  order_validity: { years: 3 },
  payment_method: "card",
  credit_card: {
    number: "4111111111111111",
    expiration_month: "12",
    expiration_year: "2029",
    cvv: "333",
    cardholder_name: "Jane Roe",
    set_as_default: "0",
  },
  billing_address: { address: "Stationsplein 1", city: "Den Haag", country: "nl", zip: "2515 AA" },
};

/** The same without a member that a card needs, which no type shows. */
export const incomplete: Order = { ...written, billing_address: undefined };
