package io.silkroute.upstream;

import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.Ticker;
import io.silkroute.stream.Dialect;
import io.silkroute.stream.Meaning;
import io.silkroute.stream.SseGate;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * A node's response: its head, and its body still to come. Exactly one of {@link #forwardTo} and {@link #discard} must be
 * called. Belongs to one event loop.
 */
public final class UpstreamResponse {

    /** A longer unwanted body is not worth reading for the sake of its connection. */
    private static final int DISCARD_LIMIT = 64 * 1024;

    /** Nor is one that takes longer, in milliseconds. */
    private static final long DISCARD_PATIENCE = 1000;

    /** Timers count in milliseconds. */
    private static final Duration ROUNDING = Duration.ofMillis(1);

    /** Where a body goes. */
    public interface Sink {

        /** The next bytes, in order. */
        void chunk(Buffer bytes);

        /** The body is complete; nothing follows. */
        void end();

        /** The body broke off, for a cause that is one of {@code stream_*}; nothing follows. */
        void broken(FailureCause cause, String message);
    }

    private final HttpClientResponse response;
    private final Optional<FailureCause> failure;
    private final Optional<Buffer> first;
    private final boolean ended;
    private final Optional<SseGate> gate;
    private final Duration idle;
    private final Ticker ticker;
    private boolean broken;
    private boolean paused;
    private boolean over;
    private long progressAt;
    private long timer;

    /**
     * @param response its head; paused, unless it ended
     * @param failure what its status means
     * @param first bytes of the body read already
     * @param ended whether these are all
     * @param gate of an event stream, fed with what was read already
     * @param idle how long nothing may come once the body flows
     * @param ticker the clock
     */
    UpstreamResponse(
            HttpClientResponse response,
            Optional<FailureCause> failure,
            Optional<Buffer> first,
            boolean ended,
            Optional<SseGate> gate,
            Duration idle,
            Ticker ticker) {
        this.gate = gate;
        this.idle = idle;
        this.ticker = ticker;
        this.response = response;
        this.failure = failure;
        this.first = first;
        this.ended = ended;
        if (!ended) {
            // From the start: the connection may break while nobody is reading yet.
            response.exceptionHandler(e -> broken = true);
        }
    }

    /** The HTTP status. */
    public int status() {
        return response.statusCode();
    }

    /** The headers as the node sent them. */
    public MultiMap headers() {
        return response.headers();
    }

    /** The failure that the status means; empty when the response is the caller's. */
    public Optional<FailureCause> failure() {
        return failure;
    }

    /** Whether the connection broke before the body was asked for, so that there is nothing whole to forward. */
    public boolean isBroken() {
        return broken;
    }

    /** The dialect of the body, if it is an event stream that can be looked into. */
    public Optional<Dialect> dialect() {
        return gate.map(SseGate::dialect);
    }

    /** Lets the body flow, beginning with what was read already. */
    public void forwardTo(Sink sink) {
        if (ended) {
            first.filter(bytes -> bytes.length() > 0).ifPresent(sink::chunk);
            end(sink);
            return;
        }
        Vertx vertx = Vertx.currentContext().owner();
        progressAt = ticker.nanos();
        watch(vertx, sink, idle);
        // Handlers before the first chunk goes out: the sink may pause, and a paused response must still report its
        // end.
        response.exceptionHandler(e -> {
            vertx.cancelTimer(timer);
            breakOff(
                    sink,
                    FailureCause.STREAM_CUT,
                    ResponseClassifier.whileExchanging(e).getMessage());
        });
        response.endHandler(v -> {
            vertx.cancelTimer(timer);
            end(sink);
        });
        response.handler(bytes -> chunk(bytes, sink));
        first.filter(bytes -> bytes.length() > 0).ifPresent(sink::chunk);
        if (!failed(sink) && !paused) {
            response.resume();
        }
    }

    private void chunk(Buffer bytes, Sink sink) {
        if (over) {
            return;
        }
        if (gate.isEmpty()) {
            progressAt = ticker.nanos();
            sink.chunk(bytes);
            return;
        }
        long before = gate.get().events();
        Buffer ready = gate.get().feed(bytes);
        if (gate.get().events() > before) {
            progressAt = ticker.nanos();
        }
        if (ready.length() > 0) {
            sink.chunk(ready);
        }
        failed(sink);
    }

    /** Whether the node itself said that it failed; then the stream is over with its own words. */
    private boolean failed(Sink sink) {
        Optional<Meaning> failure = gate.flatMap(SseGate::failure);
        failure.ifPresent(error -> {
            breakOff(sink, FailureCause.STREAM_ERROR, "error event " + error.errorType() + ": " + error.message());
            cancel();
        });
        return failure.isPresent();
    }

    private void end(Sink sink) {
        if (gate.filter(g -> !g.mayEnd()).isPresent()) {
            breakOff(sink, FailureCause.STREAM_CUT, "the stream ended without its last event");
        } else if (!over) {
            over = true;
            gate.map(SseGate::rest).filter(rest -> rest.length() > 0).ifPresent(sink::chunk);
            sink.end();
        }
    }

    private void breakOff(Sink sink, FailureCause cause, String message) {
        if (over) {
            return;
        }
        over = true;
        if (gate.filter(SseGate::isWhole).isPresent()) {
            // The caller has all of it; that the connection did not end as it should is no reason to tell him
            // otherwise.
            sink.end();
        } else {
            sink.broken(cause, message);
        }
    }

    /** A body that is held back by its reader does not stall. */
    private void watch(Vertx vertx, Sink sink, Duration wait) {
        timer = vertx.setTimer(Math.max(1, wait.toMillis()), id -> {
            Duration left = idle.minusNanos(ticker.nanos() - progressAt);
            if (over) {
                return;
            }
            if (paused) {
                watch(vertx, sink, idle);
            } else if (left.compareTo(ROUNDING) > 0) {
                watch(vertx, sink, left);
            } else {
                breakOff(sink, FailureCause.STREAM_STALLED, "nothing came for " + idle.toMillis() + " ms");
                cancel();
            }
        });
    }

    /** Stops the flow until {@link #resume}. */
    public void pause() {
        paused = true;
        response.pause();
    }

    /** Lets the flow go on. */
    public void resume() {
        paused = false;
        progressAt = ticker.nanos();
        response.resume();
    }

    /** Drops the body: reads the rest of a small one, so that its connection can be used again, or resets the connection. */
    public void discard() {
        if (ended) {
            return;
        }
        if (isSmall()) {
            // A timer of our own: the idle timeout of a request outlives it, and would end the connection under the
            // next one.
            Vertx vertx = Vertx.currentContext().owner();
            long patience =
                    vertx.setTimer(DISCARD_PATIENCE, id -> response.request().reset());
            response.exceptionHandler(e -> vertx.cancelTimer(patience));
            response.endHandler(v -> vertx.cancelTimer(patience));
            response.resume();
        } else {
            response.request().reset();
        }
    }

    private boolean isSmall() {
        String length = response.getHeader("content-length");
        return length != null && Long.parseLong(length) <= DISCARD_LIMIT;
    }

    /** Breaks the body off and resets the connection. */
    public void cancel() {
        if (!ended) {
            response.request().reset();
        }
    }
}
