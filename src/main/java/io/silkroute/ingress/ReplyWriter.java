package io.silkroute.ingress;

import io.silkroute.failover.Exchange;
import io.silkroute.kernel.FailureCause;
import io.silkroute.stream.Dialect;
import io.silkroute.upstream.HeaderRules;
import io.silkroute.upstream.UpstreamResponse;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;

/** Passes a node's response on to the caller, chunk by chunk, as fast as the caller reads. Belongs to one event loop. */
final class ReplyWriter implements UpstreamResponse.Sink {

    private final Exchange exchange;
    private final UpstreamResponse upstream;
    private final HttpServerRequest caller;
    private final HttpServerResponse response;
    private final boolean bodiless;
    /** Whether keep-alives were sent, and with them the head. */
    private final boolean late;

    private long announced = -1;
    private long written;

    private ReplyWriter(Exchange exchange, UpstreamResponse upstream, HttpServerRequest caller) {
        this.exchange = exchange;
        this.upstream = upstream;
        this.caller = caller;
        this.response = caller.response();
        this.bodiless = caller.method() == HttpMethod.HEAD || upstream.status() == 204 || upstream.status() == 304;
        this.late = response.headWritten();
        if (!late) {
            writeHead(caller.version());
        }
    }

    /** Sends head and body; tells the exchange how the body ended. */
    static void reply(Exchange exchange, UpstreamResponse upstream, HttpServerRequest caller) {
        HttpServerResponse response = caller.response();
        if (response.headWritten() && upstream.dialect().isEmpty()) {
            upstream.discard();
            Buffer event = ProxyErrors.noStream(
                    upstream.status(), Dialect.ofPath(exchange.request().uri()));
            ReplyHeaders.putWay(exchange, response.trailers());
            exchange.delivered(event.length());
            response.end(event);
            return;
        }
        upstream.forwardTo(new ReplyWriter(exchange, upstream, caller));
    }

    private void writeHead(HttpVersion version) {
        response.setStatusCode(upstream.status());
        HeaderRules.backward(upstream.headers(), response.headers());
        ReplyHeaders.put(exchange, response.headers());
        exchange.answering();
        String length = response.headers().get("content-length");
        if (length != null) {
            announced = Long.parseLong(length);
        } else if (!bodiless && version != HttpVersion.HTTP_1_0) {
            response.setChunked(true);
        }
    }

    @Override
    public void chunk(Buffer bytes) {
        written += bytes.length();
        if (written == announced) {
            // The last chunk by count: one write with the end in it instead of two.
            // Noted first: a caller who has the answer may ask what became of the request.
            exchange.delivered(written);
            response.end(bytes);
            return;
        }
        response.write(bytes);
        if (response.writeQueueFull()) {
            upstream.pause();
            response.drainHandler(v -> upstream.resume());
        }
    }

    @Override
    public void end(MultiMap trailers) {
        if (!response.ended()) {
            putTrailers(trailers);
            exchange.delivered(written);
            response.end();
        }
    }

    private void putTrailers(MultiMap trailers) {
        if (response.isChunked() && !trailers.isEmpty()) {
            HeaderRules.backward(trailers, response.trailers());
        }
        if (late) {
            ReplyHeaders.putWay(exchange, response.trailers());
        }
    }

    /** Ends a response so that nobody takes it for whole. */
    static void breakOff(HttpServerRequest caller) {
        if (caller.version() == HttpVersion.HTTP_2) {
            caller.response().reset();
        } else {
            // A reset would do the same, but tell nobody who waits for the end of the response.
            caller.connection().close();
        }
    }

    @Override
    public void broken(FailureCause cause, String message) {
        if (response.ended()) {
            return;
        }
        exchange.broken(cause, message, written);
        Optional<Dialect> dialect = upstream.dialect();
        if (dialect.isEmpty() || announced >= 0) {
            // Never a clean end: a short body must not look whole.
            breakOff(caller);
        } else if (cause == FailureCause.STREAM_ERROR) {
            // The node's own error event went out already.
            response.end();
        } else {
            String type = cause == FailureCause.STREAM_STALLED ? "timeout_error" : "api_error";
            response.end(dialect.get().errorEvent(type, cause.wireName() + ": the node did not finish its answer"));
        }
    }
}
