import org.openapitools.client.ApiClient;
import org.openapitools.client.JSON;

/** The default library: OkHttp and Gson. */
final class Connection {
    static ApiClient open(String url) {
        var client = new ApiClient().setBasePath(url);
        client.setApiKey("java");
        return client;
    }

    static <T> T parse(String json, Class<T> type) {
        return JSON.getGson().fromJson(json, type);
    }
}
