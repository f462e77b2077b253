package io.silkroute.upstream;

import io.silkroute.kernel.FailureCause;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Optional;

/**
 * A node's response: its head, and its body still to come. Exactly one of {@link #forwardTo} and {@link #discard} must be
 * called. Belongs to one event loop.
 */
public final class UpstreamResponse {

    /** More of an unwanted body than this is not worth reading for the sake of its connection. */
    private static final int DISCARD_LIMIT = 64 * 1024;

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
        int[] seen = {0};
        response.exceptionHandler(e -> {});
        response.handler(bytes -> {
            seen[0] += bytes.length();
            if (seen[0] > DISCARD_LIMIT) {
                response.request().reset();
            }
        });
        response.resume();
    }

    /** Breaks the body off and resets the connection. */
    public void cancel() {
        if (!ended) {
            response.request().reset();
        }
    }
}
