package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.testing.Await;
import io.silkroute.testing.GatewayProcess;
import io.silkroute.testing.Operator;
import io.silkroute.testing.Tenant;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many callers at once, on the packaged gateway with 512 MiB of heap. */
class SmallHeapIT {

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void twoThousandStreamsAtOnceAreAllWhole() {
        int streams = 2000;
        Queue<HttpServerResponse> open = new ConcurrentLinkedQueue<>();
        withGateway(
                request -> {
                    HttpServerResponse response = request.response();
                    response.setChunked(true)
                            .putHeader("content-type", "text/event-stream")
                            .write(Api.ANTHROPIC.stream("node", 5));
                    open.add(response);
                },
                (gateway, caller) -> {
                    AtomicInteger begun = new AtomicInteger();
                    AtomicInteger whole = new AtomicInteger();
                    Queue<String> wrong = new ConcurrentLinkedQueue<>();
                    HttpClient client = client(streams);
                    for (int i = 0; i < streams; i++) {
                        ask(client, gateway, caller).onComplete(answer -> {
                            if (answer.failed()) {
                                wrong.add(answer.cause().toString());
                                return;
                            }
                            begun.incrementAndGet();
                            answer.result().body().onComplete(body -> {
                                if (body.succeeded() && body.result().toString().equals(Api.ANTHROPIC.whole("node"))) {
                                    whole.incrementAndGet();
                                } else {
                                    wrong.add(String.valueOf(body));
                                }
                            });
                        });
                    }
                    Await.until("all streams run at once", () -> begun.get() + wrong.size() == streams);
                    assertThat(wrong).isEmpty();
                    assertThat(open).hasSize(streams);

                    List<String> rest = Api.ANTHROPIC.events.subList(5, Api.ANTHROPIC.events.size());
                    String end = String.join("", rest).replace("NAME", "node");
                    open.forEach(response -> response.end(end));
                    Await.until("all streams have ended", () -> whole.get() + wrong.size() == streams);
                    assertThat(wrong).isEmpty();
                });
    }

    @Test
    void callersWhoDoNotReadCostABoundedBuffer() {
        int callers = 100;
        long each = 16L << 20;
        AtomicLong sent = new AtomicLong();
        withGateway(
                request -> {
                    request.response().putHeader("content-length", Long.toString(each));
                    pour(request.response(), each, sent);
                },
                (gateway, caller) -> {
                    Queue<HttpClientResponse> answers = new ConcurrentLinkedQueue<>();
                    HttpClient client = client(callers);
                    for (int i = 0; i < callers; i++) {
                        ask(client, gateway, caller).onSuccess(answer -> {
                            answer.pause();
                            answers.add(answer);
                        });
                    }
                    Await.until("all have begun", () -> answers.size() == callers);
                    AtomicLong received = new AtomicLong();
                    AtomicInteger whole = new AtomicInteger();
                    for (HttpClientResponse answer : answers) {
                        answer.handler(bytes -> received.addAndGet(bytes.length()));
                        answer.endHandler(v -> whole.incrementAndGet());
                    }
                    long stuck = Await.standstill(sent::get);
                    assertThat(stuck)
                            .as("what nodes could send before anybody read: all there is, were it not held back")
                            .isLessThan(callers * each * 3 / 4);

                    answers.forEach(HttpClientResponse::resume);
                    Await.until("all is read", () -> whole.get() == callers);
                    assertThat(received).hasValue(callers * each);
                });
    }

    private interface Callers {
        void call(GatewayProcess gateway, Tenant tenant);
    }

    private void withGateway(Handler<HttpServerRequest> node, Callers callers) {
        var server = vertx.createHttpServer()
                .requestHandler(request -> {
                    if (request.path().equals("/health")) {
                        request.response().end();
                    } else {
                        node.handle(request);
                    }
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        Map<String, String> environment =
                Map.of("ADMIN_API_KEY", Operator.KEY, "JAVA_TOOL_OPTIONS", "-Xmx512m -XX:+ExitOnOutOfMemoryError");
        try (GatewayProcess gateway = GatewayProcess.start(folder, environment).awaitReady()) {
            Tenant tenant = new Operator(gateway.address()).tenant();
            tenant.node("node", 1, "http://127.0.0.1:" + server.actualPort());
            callers.call(gateway, tenant);
        }
    }

    private HttpClient client(int connections) {
        return vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(connections));
    }

    private static Future<HttpClientResponse> ask(HttpClient client, GatewayProcess gateway, Tenant tenant) {
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost(gateway.address().getHost())
                        .setPort(gateway.address().getPort())
                        .setURI(Api.ANTHROPIC.path)
                        .putHeader("x-api-key", tenant.key()))
                .flatMap(request -> request.send("{}"));
    }

    /** As fast as the connection takes it. */
    private static void pour(HttpServerResponse response, long bytes, AtomicLong sent) {
        Buffer block = Buffer.buffer(new byte[64 << 10]);
        long[] left = {bytes};
        Consumer<Void> more = v -> {
            while (left[0] > 0 && !response.writeQueueFull()) {
                left[0] -= block.length();
                sent.addAndGet(block.length());
                response.write(block);
            }
            if (left[0] == 0 && !response.ended()) {
                response.end();
            }
        };
        response.drainHandler(more::accept);
        more.accept(null);
    }
}
