package io.silkroute.upstream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;

/** The body of a request: kept, and so sent as often as need be, or passing through once. Belongs to one event loop. */
public sealed interface RequestBody {

    /** The body of a request that has none. */
    RequestBody NONE = new None();

    /** Whether it can be sent more than once. */
    boolean replayable();

    /** Writes the whole body and ends the request. */
    void sendTo(HttpClientRequest upstream);

    /** Forgets what is kept, once nothing will be sent any more. */
    void release();

    /** No body at all. */
    record None() implements RequestBody {
        @Override
        public boolean replayable() {
            return true;
        }

        @Override
        public void sendTo(HttpClientRequest upstream) {
            upstream.end();
        }

        @Override
        public void release() {
            // Nothing is kept.
        }
    }

    /**
     * A body held in memory.
     *
     * @param bytes the whole of it
     * @param reservation its share of the memory for kept bodies
     */
    record Kept(Buffer bytes, BodyMemory.Reservation reservation) implements RequestBody {
        @Override
        public boolean replayable() {
            return true;
        }

        @Override
        public void sendTo(HttpClientRequest upstream) {
            if (bytes.length() == 0) {
                upstream.end();
            } else {
                upstream.end(bytes);
            }
        }

        @Override
        public void release() {
            reservation.release();
        }
    }

    /**
     * A body too large to keep: what was read of it so far, and the rest as it comes, with back-pressure.
     *
     * @param start bytes read already
     * @param rest the caller's request, paused
     */
    record Passing(Buffer start, HttpServerRequest rest) implements RequestBody {
        @Override
        public boolean replayable() {
            return false;
        }

        @Override
        public void sendTo(HttpClientRequest upstream) {
            String length = rest.getHeader("content-length");
            if (length == null) {
                upstream.setChunked(true);
            } else {
                upstream.putHeader("content-length", length);
            }
            if (start.length() > 0) {
                upstream.write(start);
            }
            // Ends the upstream request with the caller's; a caller that breaks off is cancelled through its
            // connection.
            rest.pipe().endOnFailure(false).to(upstream);
        }

        @Override
        public void release() {
            // Nothing is kept.
        }
    }
}
