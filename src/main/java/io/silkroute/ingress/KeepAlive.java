package io.silkroute.ingress;

import io.silkroute.failover.Exchange;
import io.silkroute.upstream.HeaderRules;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * Keeps up the connection of a caller who waits for an event stream to be collected: the head goes out, and a comment now and
 * then, which readers of event streams pass over. From there on only an error event can tell of a failure, so it begins no
 * sooner than it has to. Belongs to one event loop.
 */
final class KeepAlive {

    /** In milliseconds; proxies and clients that give up on a silent connection do so after 10 s at the least. */
    private static final long PERIOD = 3000;

    private static final Buffer COMMENT = Buffer.buffer(": keep-alive\n\n");

    private final Vertx vertx;
    private final Exchange exchange;
    private final HttpServerResponse response;
    private final long timer;

    private KeepAlive(Vertx vertx, Exchange exchange, HttpServerResponse response) {
        this.vertx = vertx;
        this.exchange = exchange;
        this.response = response;
        this.timer = vertx.setPeriodic(PERIOD, id -> beat());
    }

    /** Begins to wait; gives what ends it. */
    static Runnable begin(Vertx vertx, Exchange exchange, HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_1_0) {
            // Its body could only end with the connection, and so never show that it broke off.
            return () -> {};
        }
        return new KeepAlive(vertx, exchange, request.response())::end;
    }

    private void beat() {
        if (!exchange.collectsStream()) {
            return;
        }
        if (!response.headWritten()) {
            response.setStatusCode(200)
                    .setChunked(true)
                    .putHeader("content-type", "text/event-stream; charset=utf-8")
                    .putHeader("cache-control", "no-cache")
                    .putHeader("trailer", ReplyHeaders.NODE + ", " + ReplyHeaders.ATTEMPTS)
                    .putHeader(HeaderRules.REQUEST_ID, exchange.request().requestId());
            exchange.answering();
        }
        response.write(COMMENT);
    }

    private void end() {
        vertx.cancelTimer(timer);
    }
}
