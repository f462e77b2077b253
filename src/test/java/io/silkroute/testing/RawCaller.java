package io.silkroute.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A caller on a bare socket, who can say half of a request, read half of an answer, and leave. */
public final class RawCaller implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader in;

    public RawCaller(URI gateway) throws IOException {
        socket = new Socket(gateway.getHost(), gateway.getPort());
        socket.setSoTimeout(20_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    public RawCaller say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** The next line, or null at the end. */
    public String line() throws IOException {
        return in.readLine();
    }

    /** Reads lines until one is the wanted one. */
    public void expect(String wanted) throws IOException {
        String line;
        do {
            line = in.readLine();
            if (line == null) {
                throw new AssertionError("ended before: " + wanted);
            }
        } while (!line.equals(wanted));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
