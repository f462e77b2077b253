package io.silkroute.ingress;

import io.silkroute.upstream.BodyMemory;
import io.silkroute.upstream.RequestBody;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Reads a caller's body whole, so that it can be sent again, as far as the memory for that allows; beyond, hands it on as it
 * comes. Reading it before a node is involved also keeps slow callers from occupying one. Belongs to one event loop.
 */
final class BodyReader {

    private final HttpServerRequest request;
    private final BodyMemory.Reservation reservation;
    private final Consumer<RequestBody> ready;
    private Buffer kept = Buffer.buffer();
    private boolean handedOver;

    private BodyReader(HttpServerRequest request, BodyMemory memory, Consumer<RequestBody> ready) {
        this.request = request;
        this.reservation = memory.forRequest();
        this.ready = ready;
    }

    /** Calls {@code ready} once, unless the caller leaves before. */
    static void read(HttpServerRequest request, BodyMemory memory, Consumer<RequestBody> ready) {
        new BodyReader(request, memory, ready).begin();
    }

    private void begin() {
        long declared = declaredLength();
        if (declared > 0 && !reservation.growTo(declared)) {
            passOn();
            return;
        }
        request.exceptionHandler(e -> reservation.release());
        request.handler(this::chunk);
        request.endHandler(v -> handOver(new RequestBody.Kept(kept, reservation)));
        request.resume();
    }

    private void chunk(Buffer bytes) {
        kept = kept.length() == 0 ? bytes : kept.appendBuffer(bytes);
        if (!reservation.growTo(kept.length())) {
            passOn();
        }
    }

    private void passOn() {
        reservation.release();
        request.pause();
        request.handler(null);
        request.endHandler(null);
        handOver(new RequestBody.Passing(kept, request));
    }

    private void handOver(RequestBody body) {
        if (!handedOver) {
            handedOver = true;
            request.exceptionHandler(null);
            ready.accept(body);
        }
    }

    /** -1 for a chunked body; a length that is no number never gets here, the server refuses it. */
    private long declaredLength() {
        String length = request.getHeader("content-length");
        return length == null ? -1 : Long.parseLong(length);
    }
}
