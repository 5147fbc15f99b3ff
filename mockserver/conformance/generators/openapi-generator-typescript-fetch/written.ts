import type { Order } from "./api";

/**
 * An order that a program writes: a new individual, a new organization, and a card. The generator
 * names members in its own way.
 */
export const written: Order = {
  certificate: {
    signatureHash: "sha256",
    profileOption: "encryption",
    individual: {
      firstName: "Jane",
      lastName: "Roe",
      email: "jane.roe@example.com",
      telephone: "+31 70 000 0000",
      country: "nl",
      state: "Zuid-Holland",
      city: "Den Haag",
      zip: "2515 AA",
    },
  },
  csaAgreedTo: true,
  csProvisioningMethod: "token",
  shipInfo: {
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
        contactType: "verified_contact",
        firstName: "Rick",
        lastName: "Roe",
        email: "rick.roe@example.com",
        jobTitle: "Director",
        telephone: "+31 70 000 0001",
      },
    ],
  },
  orderValidity: { years: 3 },
  paymentMethod: "card",
  creditCard: {
    number: "4111111111111111",
    expirationMonth: "12",
    expirationYear: "2029",
    cvv: "333",
    cardholderName: "Jane Roe",
    setAsDefault: "0",
  },
  billingAddress: { address: "Stationsplein 1", city: "Den Haag", country: "nl", zip: "2515 AA" },
};

/** The same without a member that a card needs, which no type shows. */
export const incomplete: Order = { ...written, billingAddress: undefined };
