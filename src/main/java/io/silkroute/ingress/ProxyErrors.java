package io.silkroute.ingress;

import io.silkroute.failover.QueueExit;
import io.silkroute.failover.Verdict;
import io.silkroute.stream.Dialect;
import io.silkroute.upstream.HeaderRules;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** The gateway's own errors, in a shape that clients of Anthropic and of OpenAI can read. Stateless. */
final class ProxyErrors {

    /** Where nothing says when it will be better: an operator has to enable or add a node. */
    private static final Duration UNKNOWN_RETRY_AFTER = Duration.ofSeconds(30);

    /** The store is tried again about as often. */
    private static final Duration START_RETRY_AFTER = Duration.ofSeconds(2);

    private static final String ALL_FAILED = "all nodes failed";
    private static final String NO_NODE = "no available nodes";
    private static final String FAILED = "api_error";
    private static final String OVERLOADED = "overloaded_error";

    private ProxyErrors() {}

    static void unauthorized(HttpServerResponse response, String requestId) {
        response.putHeader("www-authenticate", "Bearer");
        send(response, 401, "authentication_error", "unknown or missing proxy key", requestId);
    }

    static void starting(HttpServerResponse response, String requestId) {
        response.putHeader("retry-after", Long.toString(START_RETRY_AFTER.toSeconds()));
        send(response, 503, OVERLOADED, "the gateway is starting: its configuration was not read yet", requestId);
    }

    static void noWebSockets(HttpServerResponse response, String requestId) {
        send(response, 501, "invalid_request_error", "WebSocket connections are not proxied", requestId);
    }

    static void unknownDelivery(HttpServerResponse response, String name, String value, String requestId) {
        String message = "header " + name + ": '" + value + "', expected assured or streaming";
        send(response, 400, "invalid_request_error", message, requestId);
    }

    static void allFailed(HttpServerResponse response, Verdict.AllFailed verdict, String requestId) {
        boolean timeout = verdict.lastCause().isTimeout();
        send(response, timeout ? 504 : 502, type(verdict), ALL_FAILED, requestId);
    }

    static void noNode(HttpServerResponse response, Verdict.NoNode verdict, String requestId) {
        Duration wait = verdict.retryAfter().orElse(UNKNOWN_RETRY_AFTER);
        long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
        response.putHeader("retry-after", Long.toString(seconds));
        send(response, 503, OVERLOADED, message(verdict), requestId);
    }

    private static String message(Verdict.NoNode verdict) {
        return verdict.turnedAway()
                .map(exit -> exit == QueueExit.FULL
                        ? NO_NODE + ", and the queue is full"
                        : NO_NODE + " in the time a request may wait")
                .orElse(NO_NODE);
    }

    /** Ends a stream whose head is out already, though no node answered. */
    static void endStream(HttpServerResponse response, Verdict verdict, Dialect dialect) {
        response.end(
                verdict instanceof Verdict.NoNode noNode
                        ? dialect.errorEvent(OVERLOADED, message(noNode))
                        : dialect.errorEvent(type((Verdict.AllFailed) verdict), ALL_FAILED));
    }

    /** What goes out in place of an answer that is no stream, where a stream was begun. */
    static Buffer noStream(int status, Dialect dialect) {
        return dialect.errorEvent(FAILED, "the node answered with status " + status + " in place of a stream");
    }

    private static String type(Verdict.AllFailed verdict) {
        return verdict.lastCause().isTimeout() ? "timeout_error" : FAILED;
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
