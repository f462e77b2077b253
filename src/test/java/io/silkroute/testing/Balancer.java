package io.silkroute.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy, balancing TCP connections over replicas by their readiness. */
public final class Balancer implements AutoCloseable {

    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

    private final Process process;
    private final URI address;

    private Balancer(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Whether there is one on this machine. */
    public static boolean isInstalled() {
        return Files.isExecutable(HAPROXY);
    }

    public static Balancer start(Path folder, List<URI> replicas) {
        try {
            int port = FakeNode.freePort();
            StringBuilder config = new StringBuilder("""
                    defaults
                        mode tcp
                        timeout connect 1s
                        timeout client 60s
                        timeout server 60s
                        timeout check 5s
                    listen silkroute
                        bind 127.0.0.1:%d
                        balance roundrobin
                        option redispatch
                        option httpchk GET /q/health/ready
                        default-server check inter 500ms fall 2 rise 2
                    """.formatted(port));
            for (int i = 0; i < replicas.size(); i++) {
                config.append("    server r%d 127.0.0.1:%d%n"
                        .formatted(i, replicas.get(i).getPort()));
            }
            Path file = Files.writeString(folder.resolve("haproxy.cfg"), config);
            Process process = new ProcessBuilder(HAPROXY.toString(), "-f", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("haproxy.log").toFile())
                    .start();
            return new Balancer(process, URI.create("http://127.0.0.1:" + port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI address() {
        return address;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
