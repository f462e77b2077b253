package io.silkroute.testing;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Callers who come at a steady rate, whatever became of those before: an open model. */
public final class SteadyLoad implements AutoCloseable {

    private final List<CompletableFuture<HttpResponse<String>>> answers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "steady-load");
        thread.setDaemon(true);
        return thread;
    });

    /** Begins at once. */
    public SteadyLoad(Tenant tenant, int perSecond) {
        clock.scheduleAtFixedRate(() -> answers.add(send(tenant)), 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    /** Requests so far. */
    public int sent() {
        return answers.size();
    }

    /** Sends no more, and gives every answer, in the order of the requests. */
    public List<HttpResponse<String>> stop() {
        close();
        return answers.stream().map(CompletableFuture::join).toList();
    }

    /** Sends no more, and counts what became of each request: its status, or why there was none. */
    public Map<String, Long> outcomes() {
        close();
        return answers.stream()
                .map(answer -> answer.handle((response, failure) ->
                                failure == null ? Integer.toString(response.statusCode()) : failure.toString())
                        .join())
                .collect(Collectors.groupingBy(outcome -> outcome, Collectors.counting()));
    }

    @Override
    public void close() {
        clock.shutdown();
        try {
            clock.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<HttpResponse<String>> send(Tenant tenant) {
        return tenant.sendAsync(
                tenant.request("/v1/messages")
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());
    }
}
