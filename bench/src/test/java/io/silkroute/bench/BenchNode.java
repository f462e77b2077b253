package io.silkroute.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** An upstream in a process of its own, so that it can be killed as a machine dies: without a word. */
public final class BenchNode {

    private static final int THREADS = 64;
    private static final int THINK_MILLIS = 5;

    private BenchNode() {}

    /** Arguments: port, name. */
    public static void main(String[] args) throws IOException {
        byte[] body = ("{\"type\":\"message\",\"from\":\"" + args[1] + "\"}").getBytes(StandardCharsets.UTF_8);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        HttpServer server = HttpServer.create(address, 1024);
        server.setExecutor(Executors.newFixedThreadPool(THREADS));
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            think();
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static void think() {
        try {
            Thread.sleep(THINK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
