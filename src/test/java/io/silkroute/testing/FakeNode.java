package io.silkroute.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An upstream on a real socket that does what a test tells it to: answer, refuse, reset, hang, drip, cut or lie. Counts every
 * request whose head arrived; probes of its health it counts apart, and answers well unless it is told not to.
 */
public final class FakeNode implements AutoCloseable {

    private static final String PROBE_PATH = "/health";

    /** What the node does with a request. */
    @FunctionalInterface
    public interface Behaviour {
        void serve(Exchange exchange) throws IOException;
    }

    /** A request as it came in. Header names are lower case. */
    public record Request(String method, String uri, Map<String, List<String>> headers, byte[] body) {
        public String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? null : String.join(", ", values);
        }

        private boolean isProbe() {
            return uri.endsWith(PROBE_PATH);
        }
    }

    private final ServerSocket server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger hits = new AtomicInteger();
    private final AtomicInteger probes = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger callersGone = new AtomicInteger();
    private volatile Behaviour behaviour;
    private volatile Behaviour probed = answering("well");

    private FakeNode(ServerSocket server, Behaviour behaviour) {
        this.server = server;
        this.behaviour = behaviour;
    }

    public static FakeNode start(Behaviour behaviour) {
        return start(plain(0), behaviour);
    }

    /** Starts on a given server socket, for TLS or a fixed port. */
    public static FakeNode start(ServerSocket socket, Behaviour behaviour) {
        FakeNode node = new FakeNode(socket, behaviour);
        daemon("node-" + socket.getLocalPort(), node::accept);
        return node;
    }

    /** A loopback server socket. */
    public static ServerSocket plain(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The URL of a port where nobody listens. */
    public static String refusingUrl() {
        return "http://127.0.0.1:" + freePort();
    }

    /** A port where nobody listens. */
    public static int freePort() {
        try (ServerSocket socket = plain(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return server.getLocalPort();
    }

    public void behave(Behaviour next) {
        behaviour = next;
    }

    /** What it does with probes. */
    public void behaveToProbes(Behaviour next) {
        probed = next;
    }

    /** What it does with requests and with probes alike: the whole node is so. */
    public void behaveToAll(Behaviour next) {
        behave(next);
        behaveToProbes(next);
    }

    /** Probes whose head arrived. */
    public int probes() {
        return probes.get();
    }

    /** Requests whose head arrived. */
    public int hits() {
        return hits.get();
    }

    /** Connections that were accepted. */
    public int connections() {
        return connections.get();
    }

    /** Connections that the gateway closed or reset while the node was still serving. */
    public int callersGone() {
        return callersGone.get();
    }

    /** Requests that arrived whole. */
    public List<Request> requests() {
        return requests;
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                daemon("connection-" + port(), () -> serve(socket));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (!socket.isClosed()) {
                Exchange exchange = Exchange.read(socket, in, this);
                if (exchange == null) {
                    return;
                }
                if (exchange.request.isProbe()) {
                    probed.serve(exchange);
                } else {
                    requests.add(exchange.request);
                    behaviour.serve(exchange);
                }
            }
        } catch (IOException e) {
            // the gateway closed the connection, or the test the node
        } finally {
            open.remove(socket);
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A request and the means to answer it, well or badly. */
    public static final class Exchange {
        private final Socket socket;
        private final InputStream in;
        private final Request request;
        private final FakeNode node;

        private Exchange(Socket socket, InputStream in, Request request, FakeNode node) {
            this.socket = socket;
            this.in = in;
            this.request = request;
            this.node = node;
        }

        public Request request() {
            return request;
        }

        /** Writes bytes as they are. */
        public void raw(String bytes) throws IOException {
            raw(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void raw(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        /** A whole response; each header as {@code name: value}. */
        public void respond(int status, String body, String... headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            head.append("content-length: ").append(bytes.length).append("\r\n\r\n");
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            all.writeBytes(bytes);
            raw(all.toByteArray());
        }

        /** One chunk of a chunked body. */
        public void chunk(String text) throws IOException {
            chunk(text.getBytes(StandardCharsets.UTF_8));
        }

        public void chunk(byte[] bytes) throws IOException {
            raw(Integer.toHexString(bytes.length) + "\r\n");
            raw(bytes);
            raw("\r\n");
        }

        /** Resets the connection: RST instead of FIN. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Closes the connection: FIN. */
        public void close() throws IOException {
            socket.close();
        }

        /** Says nothing until the gateway closes the connection. */
        public void hang() throws IOException {
            try {
                while (in.read() >= 0) {
                    // a gateway has nothing more to say
                }
            } catch (SocketException e) {
                // reset: gone as well
            }
            if (!request.isProbe()) {
                node.callersGone.incrementAndGet();
            }
            socket.close();
        }

        static Exchange read(Socket socket, InputStream in, FakeNode node) throws IOException {
            String line = readLine(in);
            if (line == null) {
                return null;
            }
            Map<String, List<String>> headers = new TreeMap<>();
            for (String header = readLine(in); header != null && !header.isEmpty(); header = readLine(in)) {
                int colon = header.indexOf(':');
                headers.computeIfAbsent(
                                header.substring(0, colon).toLowerCase(Locale.ROOT), n -> new CopyOnWriteArrayList<>())
                        .add(header.substring(colon + 1).strip());
            }
            String[] words = line.split(" ");
            (words[1].endsWith(PROBE_PATH) ? node.probes : node.hits).incrementAndGet();
            byte[] body = readBody(in, headers);
            return new Exchange(socket, in, new Request(words[0], words[1], headers, body), node);
        }

        private static byte[] readBody(InputStream in, Map<String, List<String>> headers) throws IOException {
            if (headers.containsKey("content-length")) {
                return in.readNBytes(
                        Integer.parseInt(headers.get("content-length").get(0)));
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            if (headers.containsKey("transfer-encoding")) {
                int size;
                do {
                    size = Integer.parseInt(readLine(in), 16);
                    body.writeBytes(in.readNBytes(size));
                    readLine(in);
                } while (size > 0);
            }
            return body.toByteArray();
        }

        private static String readLine(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            int c;
            while ((c = in.read()) >= 0) {
                if (c == '\n') {
                    return line.toString();
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return null;
        }
    }

    // --- behaviours -------------------------------------------------------------------------------------------------

    public static Behaviour answering(String body) {
        return exchange -> exchange.respond(200, body, "content-type: text/plain");
    }

    public static Behaviour status(int status, String... headers) {
        return exchange -> exchange.respond(status, "status " + status, headers);
    }

    public static Behaviour resetting() {
        return Exchange::reset;
    }

    public static Behaviour resettingInsideHead() {
        return exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\ncontent-ty");
            exchange.reset();
        };
    }

    public static Behaviour closingInsideHead() {
        return exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\ncontent-ty");
            exchange.close();
        };
    }

    public static Behaviour resettingAfterHead() {
        return exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
            exchange.reset();
        };
    }

    public static Behaviour hanging() {
        return Exchange::hang;
    }

    public static Behaviour speakingGarbage() {
        return exchange -> exchange.raw("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    }
}
