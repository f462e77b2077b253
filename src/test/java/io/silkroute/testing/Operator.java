package io.silkroute.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;

/** Someone who uses the admin API. */
public final class Operator {

    public static final String KEY = "an-admin-key-for-tests";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI gateway;
    private final String key;
    private final HttpClient http = HttpClient.newHttpClient();

    public Operator(URI gateway) {
        this(gateway, KEY);
    }

    public Operator(URI gateway, String key) {
        this.gateway = gateway;
        this.key = key;
    }

    /** What came back. */
    public record Reply(int status, String contentType, JsonNode json) {}

    public Reply call(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/admin/api" + path))
                .header("Authorization", "Bearer " + key)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return new Reply(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A call that has to succeed. */
    public JsonNode done(String method, String path, String body) {
        Reply reply = call(method, path, body);
        if (reply.status() >= 300) {
            throw new AssertionError(method + " " + path + ": " + reply);
        }
        return reply.json();
    }

    /** A new account with a key of its own. */
    public Tenant tenant() {
        String name = "tenant-" + UUID.randomUUID();
        JsonNode made = done("POST", "/accounts", "{\"name\":\"" + name + "\"}");
        return new Tenant(
                gateway,
                this,
                name,
                made.get("id").asText(),
                made.get("proxy_api_key").asText());
    }
}
