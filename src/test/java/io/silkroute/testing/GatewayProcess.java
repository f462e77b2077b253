package io.silkroute.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged gateway in a process of its own. */
public final class GatewayProcess implements AutoCloseable {

    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final URI address;
    private final Path out;
    private final Path err;

    private GatewayProcess(Process process, URI address, Path out, Path err) {
        this.process = process;
        this.address = address;
        this.out = out;
        this.err = err;
    }

    /** Starts it in a folder, on a free port unless the environment names one. */
    public static GatewayProcess start(Path folder, Map<String, String> environment) {
        try {
            String port =
                    environment.containsKey("PORT") ? environment.get("PORT") : Integer.toString(FakeNode.freePort());
            ProcessBuilder builder = new ProcessBuilder(command());
            Path out = Files.createTempFile(folder, "out", ".log");
            Path err = Files.createTempFile(folder, "err", ".log");
            builder.directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("PORT", port);
            return new GatewayProcess(builder.start(), URI.create("http://localhost:" + port), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a native executable was built: then that is the packaged gateway. It brings no database along. */
    public static boolean isNative() {
        return executable().isPresent();
    }

    private static List<String> command() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // Processes share the machine with the test: those that start are not to starve those that serve.
        List<String> jar = List.of(java, "-XX:TieredStopAtLevel=1", "-jar", JAR.toString());
        return executable().map(file -> List.of(file.toString())).orElse(jar);
    }

    private static Optional<Path> executable() {
        try (Stream<Path> built = Files.list(Path.of("target"))) {
            return built.filter(file -> file.toString().endsWith("-runner") && Files.isExecutable(file))
                    .map(Path::toAbsolutePath)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI address() {
        return address;
    }

    public GatewayProcess awaitReady() {
        return await("ready");
    }

    /** That is, it listens, be it ready or not. */
    public GatewayProcess awaitAlive() {
        return await("live");
    }

    private GatewayProcess await(String health) {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest ready =
                HttpRequest.newBuilder(address.resolve("/q/health/" + health)).build();
        Await.within(PATIENCE, "the gateway is " + health, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + err());
            }
            try {
                return http.send(ready, BodyHandlers.discarding()).statusCode() == 200;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        return this;
    }

    public int awaitExit() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still running");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SIGTERM, without waiting for what comes of it. */
    public void terminate() {
        process.destroy();
    }

    /** SIGTERM. */
    public int stop() {
        terminate();
        return awaitExit();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    public String out() {
        return read(out);
    }

    public String err() {
        return read(err);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
