import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import org.openapitools.client.ApiClient;

/** The library native: the HTTP client of Java, and Jackson. */
final class Connection {
    static ApiClient open(String url) {
        var client = new ApiClient();
        client.updateBaseUri(url);
        // This library does not know the contract's way to send a key.
        return client.setRequestInterceptor(request -> request.header("X-DC-DEVKEY", "java-native"));
    }

    /** With coercion an Identifier would be both of its types: a text of digits is a number, and a number is a text. */
    static <T> T parse(String json, Class<T> type) throws JsonProcessingException {
        return ApiClient.createDefaultObjectMapper().configure(MapperFeature.ALLOW_COERCION_OF_SCALARS, false)
                .readValue(json, type);
    }
}
