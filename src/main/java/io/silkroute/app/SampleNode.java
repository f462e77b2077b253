package io.silkroute.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A node to try things out with: it answers {@code /v1/messages} as JSON, and as an event stream when asked to. */
final class SampleNode {

    static final String HOST = "127.0.0.1";
    private static final List<String> WORDS = List.of("Hello", " from", " the", " sample", " node.");

    private final Vertx vertx;

    SampleNode(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Listens on loopback; gives the port, which is a free one when {@code port} is 0. May be tried again where it fails. */
    Uni<Integer> listen(int port) {
        return Uni.createFrom()
                .completionStage(() -> vertx.createHttpServer()
                        .requestHandler(SampleNode::answer)
                        .listen(port, HOST)
                        .map(HttpServer::actualPort)
                        .toCompletionStage());
    }

    private static void answer(HttpServerRequest request) {
        if (request.path().equals("/health")) {
            request.response().end("ok");
        } else if (request.path().equals("/v1/messages") && request.method() == HttpMethod.POST) {
            request.body()
                    .onSuccess(body -> message(request, body.toString().matches("(?s).*\"stream\"\\s*:\\s*true.*")));
        } else {
            request.response()
                    .setStatusCode(404)
                    .putHeader("content-type", "application/json")
                    .end(error().toBuffer());
        }
    }

    private static void message(HttpServerRequest request, boolean stream) {
        if (!stream) {
            JsonObject text = new JsonObject().put("type", "text").put("text", String.join("", WORDS));
            request.response()
                    .putHeader("content-type", "application/json")
                    .end(head().put("content", new JsonArray().add(text))
                            .put("stop_reason", "end_turn")
                            .toBuffer());
            return;
        }
        HttpServerResponse response =
                request.response().setChunked(true).putHeader("content-type", "text/event-stream");
        event(response, "message_start", new JsonObject().put("message", head().put("content", new JsonArray())));
        event(
                response,
                "content_block_start",
                new JsonObject()
                        .put("index", 0)
                        .put(
                                "content_block",
                                new JsonObject().put("type", "text").put("text", "")));
        WORDS.forEach(word -> event(
                response,
                "content_block_delta",
                new JsonObject()
                        .put("index", 0)
                        .put("delta", new JsonObject().put("type", "text_delta").put("text", word))));
        event(response, "content_block_stop", new JsonObject().put("index", 0));
        event(
                response,
                "message_delta",
                new JsonObject()
                        .put("delta", new JsonObject().put("stop_reason", "end_turn"))
                        .put("usage", new JsonObject().put("output_tokens", WORDS.size())));
        event(response, "message_stop", new JsonObject());
        response.end();
    }

    private static void event(HttpServerResponse response, String type, JsonObject data) {
        response.write("event: " + type + "\ndata: "
                + new JsonObject().put("type", type).mergeIn(data) + "\n\n");
    }

    private static JsonObject head() {
        return new JsonObject()
                .put("id", "msg_sample")
                .put("type", "message")
                .put("role", "assistant")
                .put("model", "sample")
                .put("usage", new JsonObject().put("input_tokens", 1).put("output_tokens", WORDS.size()));
    }

    private static JsonObject error() {
        return new JsonObject()
                .put("type", "error")
                .put(
                        "error",
                        new JsonObject()
                                .put("type", "not_found_error")
                                .put("message", "the sample node knows POST /v1/messages"));
    }
}
