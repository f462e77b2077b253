package io.silkroute.ingress;

import io.silkroute.failover.Verdict;
import io.silkroute.upstream.HeaderRules;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** The gateway's own errors, in a shape that clients of Anthropic and of OpenAI can read. Stateless. */
final class ProxyErrors {

    /** Where nothing says when it will be better: an operator has to enable or add a node. */
    private static final Duration UNKNOWN_RETRY_AFTER = Duration.ofSeconds(30);

    private ProxyErrors() {}

    static void unauthorized(HttpServerResponse response, String requestId) {
        response.putHeader("www-authenticate", "Bearer");
        send(response, 401, "authentication_error", "unknown or missing proxy key", requestId);
    }

    static void noWebSockets(HttpServerResponse response, String requestId) {
        send(response, 501, "invalid_request_error", "WebSocket connections are not proxied", requestId);
    }

    static void allFailed(HttpServerResponse response, Verdict.AllFailed verdict, String requestId) {
        boolean timeout = verdict.lastCause().isTimeout();
        String type = timeout ? "timeout_error" : "api_error";
        send(response, timeout ? 504 : 502, type, "all nodes failed", requestId);
    }

    static void noNode(HttpServerResponse response, Verdict.NoNode verdict, String requestId) {
        Duration wait = verdict.retryAfter().orElse(UNKNOWN_RETRY_AFTER);
        long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
        response.putHeader("retry-after", Long.toString(seconds));
        send(response, 503, "overloaded_error", "no available nodes", requestId);
    }

    private static void send(HttpServerResponse response, int status, String type, String message, String requestId) {
        JsonObject body = new JsonObject()
                .put("type", "error")
                .put("error", new JsonObject().put("type", type).put("message", message))
                .put("request_id", requestId);
        response.setStatusCode(status)
                .putHeader(HeaderRules.REQUEST_ID, requestId)
                .putHeader("content-type", "application/json")
                .end(body.toBuffer());
    }
}
