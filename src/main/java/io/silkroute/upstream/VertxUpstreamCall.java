package io.silkroute.upstream;

import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.Ticker;
import io.silkroute.routing.NodeSpec;
import io.silkroute.stream.Dialect;
import io.silkroute.stream.SseGate;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One attempt on Vert.x: resolve, connect, send, hold the head until the first byte of the body. Runs on one event loop, so
 * its fields need no guard. Once settled, whatever still arrives is thrown away.
 */
final class VertxUpstreamCall implements UpstreamCall {

    private enum Phase {
        RESOLVING,
        CONNECTING,
        EXCHANGING
    }

    private final Vertx vertx;
    private final NodeSpec node;
    private final UpstreamRequest request;
    private final UpstreamSettings settings;
    private final Ticker ticker;
    private final AttemptLimits limits;
    private final CompletableFuture<UpstreamResponse> result = new CompletableFuture<>();
    private Phase phase = Phase.RESOLVING;
    private final long timeoutMillis;
    private long timer;
    private long startedAt;
    private HttpClientRequest sent;
    private UpstreamResponse answer;
    private boolean cancelled;

    VertxUpstreamCall(
            Vertx vertx,
            NodeSpec node,
            UpstreamRequest request,
            UpstreamSettings settings,
            Ticker ticker,
            AttemptLimits limits) {
        this.vertx = vertx;
        this.node = node;
        this.request = request;
        this.settings = settings;
        this.ticker = ticker;
        this.limits = limits;
        this.timeoutMillis = limits.timeout().toMillis();
    }

    @Override
    public CompletionStage<UpstreamResponse> response() {
        return result;
    }

    @Override
    public void cancel() {
        cancelled = true;
        vertx.cancelTimer(timer);
        if (answer != null) {
            answer.cancel();
        } else if (sent != null) {
            sent.reset();
        }
    }

    void begin(AddressBook addresses, HttpClient client) {
        startedAt = ticker.nanos();
        timer = vertx.setTimer(
                Math.max(1, timeoutMillis), id -> timedOut(onTimeout(), "no answer within " + timeoutMillis + " ms"));
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
        Optional<FailureCause> failure =
                ResponseClassifier.ofStatus(response.statusCode(), node, settings.retryOnStatus());
        if (failure.isPresent()) {
            response.pause();
            complete(upstream(response, failure, Optional.empty(), false, Optional.empty()));
        } else if (isEventStream(response)) {
            holdStream(response, new SseGate(Dialect.ofPath(request.uri())));
        } else {
            hold(response);
        }
    }

    /** Nothing is committed before there is something to commit: a node may still die between head and body. */
    private void hold(HttpClientResponse response) {
        response.exceptionHandler(e -> fail(ResponseClassifier.whileExchanging(e)));
        response.endHandler(
                v -> complete(upstream(response, Optional.empty(), Optional.empty(), true, Optional.empty())));
        response.handler(bytes -> {
            boolean whole = request.method() != HttpMethod.HEAD && isWhole(response, bytes);
            if (whole) {
                response.endHandler(null);
            } else {
                response.pause();
            }
            complete(upstream(response, Optional.empty(), Optional.of(bytes), whole, Optional.empty()));
        });
    }

    /** An event stream is held until it has something to say: up to there another node can answer in this one's place. */
    private void holdStream(HttpClientResponse response, SseGate gate) {
        Buffer held = Buffer.buffer();
        boolean last = limits.last().getAsBoolean();
        if (!last) {
            vertx.cancelTimer(timer);
            long firstContent = settings.firstContent().toMillis();
            boolean enough = firstContent <= timeLeft();
            long patience = enough ? firstContent : timeLeft();
            timer = vertx.setTimer(
                    Math.max(1, patience),
                    id -> timedOut(
                            enough ? FailureCause.FIRST_TOKEN_TIMEOUT : limits.onTimeout(),
                            "no content within " + patience + " ms"));
        }
        response.exceptionHandler(e -> fail(ResponseClassifier.whileExchanging(e)));
        response.endHandler(v -> {
            if (last || gate.hasContent()) {
                complete(upstream(response, Optional.empty(), Optional.of(held), true, Optional.of(gate)));
            } else {
                fail(new UpstreamException(FailureCause.STREAM_CUT, "the stream ended before any content"));
            }
        });
        response.handler(bytes -> {
            held.appendBuffer(gate.feed(bytes));
            Optional<UpstreamException> failure = gate.failure().map(ResponseClassifier::ofStream);
            if (failure.isPresent() && !last) {
                fail(failure.get());
            } else if (last || gate.hasContent() || held.length() >= settings.holdMaxBytes()) {
                response.pause();
                complete(upstream(response, Optional.empty(), Optional.of(held), false, Optional.of(gate)));
            }
        });
    }

    /** One that is compressed cannot be looked into, and is committed with its first byte like any other body. */
    private boolean isEventStream(HttpClientResponse response) {
        String type = response.getHeader("content-type");
        String encoding = response.getHeader("content-encoding");
        return type != null
                && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")
                && (encoding == null || encoding.equalsIgnoreCase("identity"))
                && request.method() != HttpMethod.HEAD;
    }

    private UpstreamResponse upstream(
            HttpClientResponse response,
            Optional<FailureCause> failure,
            Optional<Buffer> first,
            boolean ended,
            Optional<SseGate> gate) {
        IdleWatch idle = new IdleWatch(vertx, ticker, settings.streamIdle());
        return new UpstreamResponse(vertx, response, failure, first, ended, gate, idle);
    }

    private long timeLeft() {
        return timeoutMillis - Duration.ofNanos(ticker.nanos() - startedAt).toMillis();
    }

    private static boolean isWhole(HttpClientResponse response, Buffer bytes) {
        String length = response.getHeader("content-length");
        return length != null && length.equals(Integer.toString(bytes.length()));
    }

    /** What it means when time runs out now. */
    private FailureCause onTimeout() {
        return switch (phase) {
            case RESOLVING -> FailureCause.DNS;
            case CONNECTING -> FailureCause.CONNECT_TIMEOUT;
            case EXCHANGING -> limits.onTimeout();
        };
    }

    private void timedOut(FailureCause cause, String waited) {
        if (!over()) {
            result.completeExceptionally(new UpstreamException(cause, waited));
            if (sent != null) {
                VertxUpstreamClient.giveUp(sent);
            }
        }
    }

    private boolean over() {
        return cancelled || result.isDone();
    }

    private void complete(UpstreamResponse response) {
        vertx.cancelTimer(timer);
        answer = response;
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
