import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.CertificatesApi;
import org.openapitools.client.api.OrdersApi;
import org.openapitools.client.model.*;

/** Uses a generated client as a program would: see ../run. Connection, of each library's folder, makes one. */
public final class Scenario {
    private static final Map<String, String> ENV = System.getenv();

    public static void main(String[] args) throws Exception {
        var connection = Connection.open(ENV.get("MOCK_URL") + "/services/v2");
        var orders = new OrdersApi(connection);
        for (var name : List.of("vendor_new_individual", "vendor_existing_individual")) {
            var file = Path.of(ENV.get("EXAMPLES"), "orderPkioOrganisationPerson." + name + ".request.json");
            orders.orderPkioOrganisationPerson(Connection.parse(Files.readString(file), OrderInput.class));
        }
        var id = orders.orderPkioOrganisationPerson(written()).getId();

        var order = orders.getOrder(id.toString(), null);
        for (int tries = 0; tries < 100 && !order.getStatus().equals("issued"); tries++) {
            Thread.sleep(100); // the certificate is made in the background
            order = orders.getOrder(id.toString(), null);
        }
        expect(summary(order), new Summary(id, "issued", "pkio_organisation_person", "Roe B.V."));

        var list = list(orders, List.of(OrderStatusFilter.ISSUED)).stream().map(Scenario::summary).toList();
        expect(list.stream().filter(item -> item.id().equals(id)).count(), 1L);
        expect(list.stream().allMatch(item -> item.status().equals("issued")), true);

        try {
            orders.orderPkioOrganisationPerson(written().billingAddress(null));
            throw new AssertionError("an order without a billing address was taken");
        } catch (ApiException refusal) {
            expect(refusal.getCode(), 400);
            var errors = Connection.parse(refusal.getResponseBody(), ErrorEnvelope.class).getErrors();
            expect(errors.get(0).getCode(), "missing_field|billing_address");
        }

        var file = new CertificatesApi(connection).downloadOrderCertificate(id.toString());
        var bytes = Files.readAllBytes(file.toPath());
        Files.delete(file.toPath());
        expect(new String(bytes, 0, 2, StandardCharsets.US_ASCII), "PK"); // a ZIP

        readRecorded();
    }

    /** Reads what the real service was recorded with, of other products and in states that the contract does not list. */
    private static void readRecorded() throws Exception {
        try (var files = Files.newDirectoryStream(Path.of(ENV.get("RECORDED")), "*.json")) {
            for (var file : files) {
                var name = file.getFileName().toString().split("\\.");
                var recorded = new OrdersApi(Connection.open(ENV.get("RECORDED_URL") + "/" + name[1]));
                var answer = Connection.parse(Files.readString(file), Map.class);
                if (name[0].equals("getOrder")) {
                    expect(summary(recorded.getOrder("1", null)), summary(answer));
                } else if (name[0].equals("listOrders")) {
                    var items = ((List<?>) answer.get("orders")).stream().map(item -> summary((Map<?, ?>) item)).toList();
                    expect(list(recorded, null).stream().map(Scenario::summary).toList(), items);
                }
            }
        }
    }

    /** An order that a program writes: a new individual, a new organization, and a card. */
    private static OrderInput written() {
        var individual = new IndividualInput().firstName("Jane").lastName("Roe").email("jane.roe@example.com")
                .telephone("+31 70 000 0000").country("nl").state("Zuid-Holland").city("Den Haag").zip("2515 AA");
        var contact = new ContactInput().contactType(ContactType.VERIFIED_CONTACT).firstName("Rick")
                .lastName("Roe").email("rick.roe@example.com").jobTitle("Director").telephone("+31 70 000 0001");
        return new OrderInput()
                .certificate(new CertificateInput().signatureHash(SignatureHashInput.SHA256)
                        .profileOption(ProfileOptionInput.ENCRYPTION).individual(individual))
                .csaAgreedTo(true)
                .csProvisioningMethod(ProvisioningMethodInput.TOKEN)
                .shipInfo(new ShipInfoInput().name("Jane Roe").addr1("Stationsplein 1").addr2("").city("Den Haag")
                        .state("Zuid-Holland").zip("2515 AA").country("nl").method(ShippingMethodInput.STANDARD))
                .organization(new OrderOrganizationInput().name("Roe B.V.").address("Stationsplein 1").city("Den Haag")
                        .state("Zuid-Holland").zip("2515 AA").country("nl").telephone("+31 70 000 0000")
                        .addContactsItem(contact))
                .orderValidity(new OrderValidity().years(3))
                .paymentMethod(PaymentMethodInput.CARD)
                .creditCard(new CreditCard().number("4111111111111111").expirationMonth("12").expirationYear("2029")
                        .cvv("333").cardholderName("Jane Roe").setAsDefault(SetAsDefault.No))
                .billingAddress(new BillingAddressInput().address("Stationsplein 1").city("Den Haag").country("nl")
                        .zip("2515 AA"));
    }

    /** The generated method has an argument for each parameter. */
    private static List<OrderSummary> list(OrdersApi orders, List<OrderStatusFilter> status) throws ApiException {
        return orders.listOrders(null, null, null, null, status, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null, null, null, null).getOrders();
    }

    /** Members of an order, or of an item of the list, by which the scenario knows it again. */
    record Summary(Long id, String status, String product, String organization) {}

    private static Summary summary(OrderInfo order) {
        return new Summary(order.getId(), order.getStatus(), order.getProduct().getNameId(),
                order.getOrganization() == null ? null : order.getOrganization().getName());
    }

    private static Summary summary(OrderSummary order) {
        return new Summary(order.getId(), order.getStatus(), order.getProduct().getNameId(),
                order.getOrganization() == null ? null : order.getOrganization().getName());
    }

    private static Summary summary(Map<?, ?> order) {
        var organization = (Map<?, ?>) order.get("organization");
        return new Summary(((Number) order.get("id")).longValue(), (String) order.get("status"),
                (String) ((Map<?, ?>) order.get("product")).get("name_id"),
                organization == null ? null : (String) organization.get("name"));
    }

    private static void expect(Object got, Object want) {
        if (!got.equals(want)) {
            throw new AssertionError("got " + got + ", want " + want);
        }
    }
}
