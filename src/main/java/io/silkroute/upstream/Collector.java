package io.silkroute.upstream;

import io.silkroute.kernel.FailureCause;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CompletableFuture;

/** Takes the whole body of a response in, as far as memory allows, before any of it goes on. Belongs to one event loop. */
final class Collector implements UpstreamResponse.Sink {

    private final UpstreamResponse response;
    private final HeldBody body;
    private final CompletableFuture<UpstreamResponse> result = new CompletableFuture<>();

    Collector(UpstreamResponse response, HeldBody body) {
        this.response = response;
        this.body = body;
    }

    /** The response, ready to be forwarded from its first byte; or an {@link UpstreamException} when it broke off. */
    CompletableFuture<UpstreamResponse> result() {
        return result;
    }

    @Override
    public void chunk(Buffer bytes) {
        if (!body.add(bytes)) {
            response.pause();
            finish();
        }
    }

    @Override
    public void end(MultiMap trailers) {
        finish();
    }

    @Override
    public void broken(FailureCause cause, String message) {
        if (!result.isDone()) {
            body.clear();
            result.completeExceptionally(new UpstreamException(cause, message));
        }
    }

    private void finish() {
        if (!result.isDone()) {
            response.hold(body);
            result.complete(response);
        }
    }
}
