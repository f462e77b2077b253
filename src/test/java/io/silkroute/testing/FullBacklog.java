package io.silkroute.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/** A port whose backlog is full: the kernel drops further handshakes, as the network does in front of a dead host. */
public final class FullBacklog implements AutoCloseable {

    private final ServerSocket server;
    private final List<Socket> waiting;

    public FullBacklog() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        waiting = List.of(connect(), connect());
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : waiting) {
            socket.close();
        }
        server.close();
    }

    private Socket connect() throws IOException {
        return new Socket(server.getInetAddress(), server.getLocalPort());
    }
}
