package io.silkroute.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** An account with nodes of its own, and a caller that uses it. */
public final class Tenant {

    private final URI gateway;
    private final Operator operator;
    private final String name;
    private final String account;
    private final String key;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Tenant(URI gateway, Operator operator, String name, String account, String key) {
        this.gateway = gateway;
        this.operator = operator;
        this.name = name;
        this.account = account;
        this.key = key;
    }

    /** The same account with connections of its own. */
    public Tenant another() {
        return new Tenant(gateway, operator, name, account, key);
    }

    /** The same account, called at another address. */
    public Tenant through(URI address) {
        return new Tenant(address, operator, name, account, key);
    }

    /** The name of the account, as in metrics. */
    public String name() {
        return name;
    }

    /** The id of the account. */
    public String account() {
        return account;
    }

    public String key() {
        return key;
    }

    /** Makes a node; gives its id. */
    public String node(String name, int weight, String url) {
        return node(name, weight, url, "");
    }

    /** Makes a node with more fields, each as {@code ,"field":value}. */
    public String node(String name, int weight, String url, String more) {
        String body = "{\"name\":\"%s\",\"weight\":%d,\"base_url\":\"%s\"%s}".formatted(name, weight, url, more);
        return operator.done("POST", "/nodes?account_id=" + account, body)
                .get("id")
                .asText();
    }

    /** A node as the admin API shows it now. */
    public JsonNode show(String nodeId) {
        return operator.done("GET", "/nodes/" + nodeId, null);
    }

    public HttpResponse<String> post(String body) {
        return send(request("/v1/messages").POST(BodyPublishers.ofString(body)).build());
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.resolve(path)).header("x-api-key", key);
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        return http.sendAsync(request, handler);
    }

    /** Header {@code x-silkroute-attempts} without the times, which no test can know. */
    public static String attempts(HttpResponse<?> response) {
        return response.headers().firstValue("x-silkroute-attempts").orElse("").replaceAll(";\\d+ms", "");
    }
}
