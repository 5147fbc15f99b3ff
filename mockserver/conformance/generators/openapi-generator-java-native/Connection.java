import com.fasterxml.jackson.core.JsonProcessingException;
import org.openapitools.client.ApiClient;

/** The library native: the HTTP client of Java, and Jackson. */
final class Connection {
    static ApiClient open(String url) {
        var client = new ApiClient();
        client.updateBaseUri(url);
        // This library does not know the contract's way to send a key.
        return client.setRequestInterceptor(request -> request.header("X-DC-DEVKEY", "java-native"));
    }

    static <T> T parse(String json, Class<T> type) throws JsonProcessingException {
        return ApiClient.createDefaultObjectMapper().readValue(json, type);
    }
}
