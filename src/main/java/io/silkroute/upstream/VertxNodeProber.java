package io.silkroute.upstream;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.Ticker;
import io.silkroute.routing.NodeSpec;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Probes nodes on Vert.x, each probe on another event loop in turn. */
public final class VertxNodeProber implements NodeProber {

    private static final int BROKEN = 500;
    private static final MultiMap HEADERS = MultiMap.caseInsensitiveMultiMap().add("user-agent", "silkroute-probe");

    private final VertxUpstreamClient client;
    private final HttpMethod method;
    private final String path;
    private final Ticker ticker;
    private final List<ContextInternal> loops = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * @param vertx whose event loops requests come in on
     * @param client the one that forwards requests
     * @param path asked for with GET below the node's base URL; when it is empty, the base URL is asked for with HEAD
     * @param ticker the clock
     */
    public VertxNodeProber(Vertx vertx, VertxUpstreamClient client, String path, Ticker ticker) {
        this.client = client;
        this.method = path.isEmpty() ? HttpMethod.HEAD : HttpMethod.GET;
        this.path = path;
        this.ticker = ticker;
        VertxInternal internal = (VertxInternal) vertx;
        for (EventExecutor loop : internal.getEventLoopGroup()) {
            loops.add(internal.createEventLoopContext((EventLoop) loop, null, VertxNodeProber.class.getClassLoader()));
        }
    }

    @Override
    public CompletionStage<ProbeResult> probe(NodeSpec node, Duration timeout) {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        ContextInternal loop = loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
        loop.runOnContext(v -> {
            long start = ticker.nanos();
            UpstreamRequest request = new UpstreamRequest(method, path, HEADERS, "probe", RequestBody.NONE);
            client.start(node, request, new AttemptLimits(timeout, FailureCause.RESPONSE_TIMEOUT, () -> true))
                    .response()
                    .whenComplete((response, error) ->
                            result.complete(judge(response, error, Duration.ofNanos(ticker.nanos() - start))));
        });
        return result;
    }

    private static ProbeResult judge(UpstreamResponse response, Throwable error, Duration latency) {
        if (error instanceof UpstreamException failure) {
            return new ProbeResult(
                    false, failure.failureCause().wireName() + ": " + failure.getMessage(), latency, false);
        }
        response.discard();
        boolean keptAlive = !response.headers().contains("connection", "close", true);
        return new ProbeResult(response.status() < BROKEN, "status " + response.status(), latency, keptAlive);
    }

    @Override
    public CompletionStage<Integer> connectEverywhere(NodeSpec node) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        AtomicInteger connected = new AtomicInteger();
        AtomicInteger left = new AtomicInteger(loops.size());
        for (ContextInternal loop : loops) {
            loop.runOnContext(v -> client.connect(node).onComplete(opened -> {
                if (opened.succeeded()) {
                    connected.incrementAndGet();
                }
                if (left.decrementAndGet() == 0) {
                    result.complete(connected.get());
                }
            }));
        }
        return result;
    }
}
