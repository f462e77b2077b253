package io.silkroute.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What Prometheus would scrape now. */
public final class Metrics {

    private final List<String> lines;

    private Metrics(List<String> lines) {
        this.lines = lines;
    }

    public static Metrics scrape(URI gateway) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(gateway.resolve("/q/metrics")).build();
            return new Metrics(HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofLines())
                    .body()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The value of the one sample of that name that has all the tags. */
    public double value(String name, Map<String, String> tags) {
        return find(name, tags).orElseThrow(() -> new AssertionError("no sample " + name + tags));
    }

    /** The same, empty when there is none. */
    public OptionalDouble find(String name, Map<String, String> tags) {
        List<String> found = lines.stream()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> tags.entrySet().stream()
                        .allMatch(tag -> line.contains(tag.getKey() + "=\"" + tag.getValue() + "\"")))
                .toList();
        if (found.size() > 1) {
            throw new AssertionError("several samples: " + found);
        }
        return found.stream()
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst();
    }

    /** Every line that holds the text. */
    public List<String> containing(String text) {
        return lines.stream().filter(line -> line.contains(text)).toList();
    }
}
