package io.silkroute.ingress;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.silkroute.kernel.Ticker;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The open connections of callers, and what runs on each. Requests are counted on their connection, which one event loop alone
 * writes to, so counting costs no contention. Thread-safe.
 */
final class CallerConnections {

    private static final AttributeKey<Connection> KEY = AttributeKey.valueOf(CallerConnections.class, "connection");

    /** Streams that run on a connection may go on as long as the drain's own limit lets them. */
    private static final long LAST_STREAMS_HOURS = 1;

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Ticker ticker;

    CallerConnections(Ticker ticker) {
        this.ticker = ticker;
    }

    /** One connection. Its counts are written on its event loop, and read anywhere. */
    final class Connection {
        private final HttpConnection http;
        private final Channel channel;
        private final boolean multiplexed;
        private volatile int running;
        private volatile long usedAt;

        private Connection(HttpConnection http, Channel channel, boolean multiplexed) {
            this.http = http;
            this.channel = channel;
            this.multiplexed = multiplexed;
        }

        void begin() {
            running++;
        }

        void end() {
            running--;
            usedAt = ticker.nanos();
        }

        /** Tells the caller not to use it again: HTTP/2 has a word for that, HTTP/1.1 only the end. */
        void leave() {
            if (multiplexed) {
                http.shutdown(LAST_STREAMS_HOURS, TimeUnit.HOURS);
            } else {
                http.close();
            }
        }

        /** Leaves it unless a request came meanwhile: on its event loop, after what has arrived by now was read. */
        void leaveIfIdle() {
            channel.eventLoop().execute(() -> {
                if (running == 0) {
                    leave();
                }
            });
        }
    }

    /** The connection that a request came in on. On its event loop. */
    Connection of(HttpServerRequest request) {
        Channel channel = ((ConnectionBase) request.connection()).channel();
        Connection known = channel.attr(KEY).get();
        if (known != null) {
            return known;
        }
        Connection fresh = new Connection(request.connection(), channel, request.version() == HttpVersion.HTTP_2);
        channel.attr(KEY).set(fresh);
        open.add(fresh);
        channel.closeFuture().addListener(closed -> open.remove(fresh));
        return fresh;
    }

    /** How many requests run. */
    int running() {
        return open.stream().mapToInt(connection -> connection.running).sum();
    }

    /** Those on which nothing runs, the longest unused first: the least likely to be used in the instant it is closed. */
    List<Connection> idle() {
        long now = ticker.nanos();
        return open.stream()
                .filter(connection -> connection.running == 0)
                .sorted(Comparator.comparingLong((Connection connection) -> now - connection.usedAt)
                        .reversed())
                .toList();
    }
}
