package io.silkroute.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged gateway and its nodes, each a process of its own on loopback. */
final class Stage implements AutoCloseable {

    static final int GATEWAY_PORT = 9400;
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> processes = new ArrayList<>();
    private Path folder;

    /** Starts the gateway as {@code java -jar} does, in a fresh folder. */
    void startGateway() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("silkroute-bench");
        Path jar = repository().resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException("first: ./mvnw package -DskipTests (missing " + jar + ")");
        }
        ProcessBuilder gateway = new ProcessBuilder(JAVA, "-jar", jar.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("gateway.log").toFile());
        gateway.environment().put("PORT", Integer.toString(GATEWAY_PORT));
        processes.add(gateway.start());
        await("/q/health/ready", GATEWAY_PORT);
        // The samples are for a first look; here only the nodes of the scenario serve.
        for (String sample : List.of("sample-down", "sample-up")) {
            admin("DELETE", "/nodes/" + idOf(sample), "");
        }
    }

    /**
     * Starts a node; it is not yet known to the gateway. HAProxy plays it, since a JVM per node would compete with the gateway
     * for the machine at the very moment that is measured.
     */
    Process startNode(int port) throws IOException, InterruptedException {
        Path configuration = repository().resolve("bench/peers/haproxy/upstream.cfg");
        ProcessBuilder haproxy = new ProcessBuilder("haproxy", "-q", "-f", configuration.toString());
        haproxy.environment().put("UPSTREAM_PORT", Integer.toString(port));
        Process node = haproxy.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        processes.add(node);
        await("/", port);
        return node;
    }

    /** Makes a node known to the gateway. */
    void register(String name, int port, int weight) throws IOException, InterruptedException {
        admin("POST", "/nodes", "{\"name\":\"%s\",\"base_url\":\"http://127.0.0.1:%d\",\"weight\":%d}".formatted(name, port, weight));
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
    }

    private String idOf(String name) throws IOException, InterruptedException {
        String nodes = admin("GET", "/nodes", "");
        String before = nodes.substring(0, nodes.indexOf("\"name\":\"" + name + "\""));
        String id = before.substring(before.lastIndexOf("\"id\":\"") + 6);
        return id.substring(0, id.indexOf('"'));
    }

    private String admin(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(GATEWAY_PORT, "/admin/api" + path))
                .header("Authorization", "Bearer " + Files.readString(folder.resolve("data/admin.key")))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private void await(String path, int port) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            try {
                if (http.send(HttpRequest.newBuilder(uri(port, path)).build(), BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException e) {
                // not yet
            }
            Thread.sleep(100);
        }
        throw new UncheckedIOException(new IOException("nobody answers on port " + port));
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static Path repository() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("bench") ? here.getParent() : here;
    }
}
