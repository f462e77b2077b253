package io.silkroute.upstream;

import io.silkroute.kernel.FailureCause;
import io.silkroute.stream.Dialect;
import io.silkroute.stream.Meaning;
import io.silkroute.stream.SseGate;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A node's response: its head, and its body still to come. Exactly one of {@link #forwardTo} and {@link #discard} must be
 * called, {@link #collect} before if the body has to be whole first. Belongs to one event loop.
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

        /** The body is complete; nothing follows but these. */
        void end(MultiMap trailers);

        /** The body broke off, for this cause; nothing follows. */
        void broken(FailureCause cause, String message);
    }

    private final Vertx vertx;
    private final HttpClientResponse response;
    private final Optional<FailureCause> failure;
    private final Optional<SseGate> gate;
    private final boolean ended;
    private final IdleWatch idle;
    private HeldBody held = HeldBody.small();
    private Optional<HeldBody> collected = Optional.empty();
    private Sink sink;
    private boolean flowing;
    private boolean paused;
    private boolean broken;
    private long deadline;

    /** How the body ended, for its sink; null before that. */
    private Consumer<Sink> ending;

    private boolean told;

    /**
     * @param vertx for timers
     * @param response its head; paused, unless it ended
     * @param failure what its status means
     * @param first bytes of the body read already
     * @param ended whether these are all
     * @param gate of an event stream, fed with what was read already
     * @param idle limits how long nothing may come once the body flows
     */
    UpstreamResponse(
            Vertx vertx,
            HttpClientResponse response,
            Optional<FailureCause> failure,
            Optional<Buffer> first,
            boolean ended,
            Optional<SseGate> gate,
            IdleWatch idle) {
        this.vertx = vertx;
        this.response = response;
        this.failure = failure;
        this.ended = ended;
        this.gate = gate;
        this.idle = idle;
        first.ifPresent(held::add);
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

    /**
     * Reads the body before any of it is forwarded.
     *
     * @param share of memory; where that ends, the rest of the body stays to be read while the beginning is forwarded
     * @param within how long it may take
     * @return this; fails with {@link UpstreamException} when the body broke off or took too long
     */
    public CompletionStage<UpstreamResponse> collect(BodyMemory.Reservation share, Duration within) {
        HeldBody body = HeldBody.within(share);
        collected = Optional.of(body);
        Collector collector = new Collector(this, body);
        deadline = vertx.setTimer(Math.max(1, within.toMillis()), id -> {
            end(to -> to.broken(FailureCause.TOTAL_TIMEOUT, "not whole within the time for the request"));
            reset();
        });
        forwardTo(collector);
        return collector.result();
    }

    /** Has what was collected wait for the one it is meant for. */
    void hold(HeldBody body) {
        vertx.cancelTimer(deadline);
        held = body;
    }

    /** Lets the body flow, beginning with what was read already. */
    public void forwardTo(Sink to) {
        sink = to;
        told = false;
        paused = false;
        if (flowing) {
            idle.resume();
        } else {
            flowing = true;
            begin();
        }
        pour();
    }

    private void begin() {
        if (ended) {
            complete();
            return;
        }
        idle.begin(() -> {
            end(to -> to.broken(FailureCause.STREAM_STALLED, "nothing came for too long"));
            VertxUpstreamClient.giveUp(response.request());
        });
        // Handlers before the first chunk goes out: the sink may pause, and a paused response must still report its
        // end.
        response.exceptionHandler(e -> {
            String message = ResponseClassifier.whileExchanging(e).getMessage();
            // What came before the cut may still be on its way through the response, which is told of the cut first.
            response.resume();
            vertx.runOnContext(v -> end(to -> to.broken(FailureCause.STREAM_CUT, message)));
        });
        response.endHandler(v -> complete());
        response.handler(this::arrived);
        lookForFailure();
    }

    private void arrived(Buffer bytes) {
        if (ending != null) {
            return;
        }
        long before = gate.map(SseGate::events).orElse(-1L);
        Buffer ready = gate.map(looking -> looking.feed(bytes)).orElse(bytes);
        if (gate.map(SseGate::events).orElse(0L) > before) {
            idle.progress();
        }
        if (ready.length() > 0) {
            // Paused, only the last words before a cut come.
            if (paused) {
                held.add(ready);
            } else {
                sink.chunk(ready);
            }
        }
        lookForFailure();
    }

    /** The node itself may say that it failed; then the stream is over with its own words. */
    private void lookForFailure() {
        Optional<Meaning> said = gate.flatMap(SseGate::failure);
        said.ifPresent(error -> {
            UpstreamException classified = ResponseClassifier.ofStream(error);
            // Of one that nobody saw anything of yet, the error says best what is amiss.
            FailureCause cause = sink instanceof Collector ? classified.failureCause() : FailureCause.STREAM_ERROR;
            end(to -> to.broken(cause, classified.getMessage()));
            reset();
        });
    }

    private void complete() {
        if (gate.filter(g -> !g.mayEnd()).isPresent()) {
            end(to -> to.broken(FailureCause.STREAM_CUT, "the stream ended without its last event"));
        } else {
            gate.map(SseGate::rest).ifPresent(held::add);
            end(to -> to.end(response.trailers()));
        }
    }

    /** The first to say how it ended is right. */
    private void end(Consumer<Sink> how) {
        if (ending != null) {
            return;
        }
        idle.stop();
        vertx.cancelTimer(deadline);
        // The caller of a stream that was whole has all of it; that the connection did not end as it should is no
        // reason to tell him otherwise.
        boolean whole = gate.filter(SseGate::isWhole).isPresent();
        ending = whole ? to -> to.end(response.trailers()) : how;
        pour();
    }

    /** What was read already goes out first; after it its end, or more of it. */
    private void pour() {
        // Told how it ended, a sink gets nothing more: what is held then, it collected itself, for another.
        while (!told && !paused && !held.isEmpty()) {
            sink.chunk(held.poll());
        }
        if (told || !held.isEmpty()) {
            return;
        }
        if (ending == null && !paused) {
            response.resume();
        } else if (ending != null) {
            told = true;
            ending.accept(sink);
        }
    }

    /** Stops the flow until {@link #resume}. */
    public void pause() {
        paused = true;
        idle.pause();
        response.pause();
    }

    /** Lets the flow go on. */
    public void resume() {
        paused = false;
        idle.resume();
        pour();
    }

    /** Drops the body: reads the rest of a small one, so that its connection can be used again, or resets the connection. */
    public void discard() {
        if (ended || flowing) {
            cancel();
        } else if (isSmall()) {
            // A timer of our own: the idle timeout of a request outlives it, and would end the connection under the
            // next one.
            long patience = vertx.setTimer(DISCARD_PATIENCE, id -> reset());
            response.exceptionHandler(e -> vertx.cancelTimer(patience));
            response.endHandler(v -> vertx.cancelTimer(patience));
            response.resume();
        } else {
            reset();
        }
    }

    private boolean isSmall() {
        String length = response.getHeader("content-length");
        return length != null && Long.parseLong(length) <= DISCARD_LIMIT;
    }

    /** Breaks the body off and resets the connection; its sink is told nothing any more. */
    public void cancel() {
        boolean running = !ended && ending == null;
        told = true;
        ending = to -> {};
        held.clear();
        collected.ifPresent(HeldBody::clear);
        idle.stop();
        vertx.cancelTimer(deadline);
        if (running) {
            reset();
        }
    }

    private void reset() {
        response.request().reset();
    }
}
