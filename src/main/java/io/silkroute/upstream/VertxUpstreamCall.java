package io.silkroute.upstream;

import io.silkroute.kernel.FailureCause;
import io.silkroute.routing.NodeSpec;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One attempt on Vert.x: resolve, connect, send, hold the head until the first byte of the body. Runs on one event loop, so
 * its fields need no guard. Once settled, whatever still arrives is thrown away.
 */
final class VertxUpstreamCall implements UpstreamCall {

    private enum Phase {
        RESOLVING(FailureCause.DNS),
        CONNECTING(FailureCause.CONNECT_TIMEOUT),
        EXCHANGING(FailureCause.RESPONSE_TIMEOUT);

        /** What it means when time runs out in this phase. */
        private final FailureCause onTimeout;

        Phase(FailureCause onTimeout) {
            this.onTimeout = onTimeout;
        }
    }

    private final Vertx vertx;
    private final NodeSpec node;
    private final UpstreamRequest request;
    private final Set<Integer> retryOnStatus;
    private final CompletableFuture<UpstreamResponse> result = new CompletableFuture<>();
    private Phase phase = Phase.RESOLVING;
    private long timer;
    private HttpClientRequest sent;
    private boolean cancelled;

    VertxUpstreamCall(Vertx vertx, NodeSpec node, UpstreamRequest request, Set<Integer> retryOnStatus) {
        this.vertx = vertx;
        this.node = node;
        this.request = request;
        this.retryOnStatus = retryOnStatus;
    }

    @Override
    public CompletionStage<UpstreamResponse> response() {
        return result;
    }

    @Override
    public void cancel() {
        cancelled = true;
        vertx.cancelTimer(timer);
        if (sent != null) {
            sent.reset();
        }
    }

    void begin(AddressBook addresses, HttpClient client, Duration timeout) {
        timer = vertx.setTimer(Math.max(1, timeout.toMillis()), id -> timedOut(timeout));
        String host = node.baseUrl().getHost();
        addresses.find(host).onComplete(found -> {
            if (over()) {
                return;
            }
            if (found.failed()) {
                fail(ResponseClassifier.whileConnecting(found.cause()));
            } else {
                connect(addresses, client, host, found.result());
            }
        });
    }

    private void connect(AddressBook addresses, HttpClient client, String host, InetAddress address) {
        phase = Phase.CONNECTING;
        VertxUpstreamClient.connect(client, node, request.method(), request.uri(), address)
                .onComplete(connected -> {
                    if (connected.failed()) {
                        addresses.forget(host);
                        fail(ResponseClassifier.whileConnecting(connected.cause()));
                    } else if (over()) {
                        connected.result().reset();
                    } else {
                        send(connected.result());
                    }
                });
    }

    private void send(HttpClientRequest upstream) {
        phase = Phase.EXCHANGING;
        sent = upstream;
        upstream.exceptionHandler(e -> fail(ResponseClassifier.whileExchanging(e)));
        upstream.response().onComplete(this::answered);
        HeaderRules.forward(request, node, upstream.headers());
        request.body().sendTo(upstream);
    }

    private void answered(AsyncResult<HttpClientResponse> head) {
        if (head.failed()) {
            fail(ResponseClassifier.whileExchanging(head.cause()));
            return;
        }
        HttpClientResponse response = head.result();
        if (over()) {
            sent.reset();
            return;
        }
        Optional<FailureCause> failure = ResponseClassifier.ofStatus(response.statusCode(), node, retryOnStatus);
        if (failure.isPresent()) {
            response.pause();
            complete(new UpstreamResponse(response, failure, Optional.empty(), false));
        } else {
            hold(response);
        }
    }

    /** Nothing is committed before there is something to commit: a node may still die between head and body. */
    private void hold(HttpClientResponse response) {
        response.exceptionHandler(e -> fail(ResponseClassifier.whileExchanging(e)));
        response.endHandler(v -> complete(new UpstreamResponse(response, Optional.empty(), Optional.empty(), true)));
        response.handler(bytes -> {
            boolean whole = request.method() != HttpMethod.HEAD && isWhole(response, bytes);
            if (whole) {
                response.endHandler(null);
            } else {
                response.pause();
            }
            complete(new UpstreamResponse(response, Optional.empty(), Optional.of(bytes), whole));
        });
    }

    private static boolean isWhole(HttpClientResponse response, Buffer bytes) {
        String length = response.getHeader("content-length");
        return length != null && length.equals(Integer.toString(bytes.length()));
    }

    private void timedOut(Duration timeout) {
        if (!over()) {
            String waited = "no answer within " + timeout.toMillis() + " ms";
            result.completeExceptionally(new UpstreamException(phase.onTimeout, waited));
            cancel();
        }
    }

    private boolean over() {
        return cancelled || result.isDone();
    }

    private void complete(UpstreamResponse response) {
        vertx.cancelTimer(timer);
        result.complete(response);
    }

    private void fail(UpstreamException failure) {
        if (!over()) {
            vertx.cancelTimer(timer);
            result.completeExceptionally(failure);
            if (sent != null) {
                sent.reset();
            }
        }
    }
}
