package io.silkroute.upstream;

import io.silkroute.kernel.FailureCause;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
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

    /** Where a body goes. */
    public interface Sink {

        /** The next bytes, in order. */
        void chunk(Buffer bytes);

        /** The body is complete; nothing follows. */
        void end();

        /** The body was cut short; nothing follows. */
        void cut(String message);
    }

    private final HttpClientResponse response;
    private final Optional<FailureCause> failure;
    private final Optional<Buffer> first;
    private final boolean ended;
    private boolean broken;

    /**
     * @param response its head; paused, unless it ended
     * @param failure what its status means
     * @param first bytes of the body read already
     * @param ended whether these are all
     */
    UpstreamResponse(
            HttpClientResponse response, Optional<FailureCause> failure, Optional<Buffer> first, boolean ended) {
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

    /** Lets the body flow, beginning with what was read already. */
    public void forwardTo(Sink sink) {
        if (ended) {
            first.ifPresent(sink::chunk);
            sink.end();
            return;
        }
        // Handlers before the first chunk goes out: the sink may pause, and a paused response must still report its
        // end.
        response.exceptionHandler(
                e -> sink.cut(ResponseClassifier.whileExchanging(e).getMessage()));
        response.endHandler(v -> sink.end());
        response.handler(sink::chunk);
        first.ifPresent(sink::chunk);
        response.resume();
    }

    /** Stops the flow until {@link #resume}. */
    public void pause() {
        response.pause();
    }

    /** Lets the flow go on. */
    public void resume() {
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
