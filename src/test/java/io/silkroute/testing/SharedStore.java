package io.silkroute.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A PostgreSQL for several processes, which can be stopped and comes back where it was. */
public final class SharedStore implements AutoCloseable {

    static final String SECRETS_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private final Path files;
    private final List<Connection> sessions = new ArrayList<>();
    private EmbeddedPostgres postgres;
    private int port;

    private SharedStore(Path files) {
        this.files = files;
    }

    public static SharedStore start(Path files) {
        SharedStore store = new SharedStore(files);
        store.restart();
        return store;
    }

    /** What a process needs to know. */
    public Map<String, String> environment() {
        return Map.of(
                "DATABASE_URL",
                "postgresql://127.0.0.1:" + port + "/postgres",
                "DATABASE_USERNAME",
                "postgres",
                "SECRETS_KEY",
                SECRETS_KEY);
    }

    public int port() {
        return port;
    }

    /** Statements on a connection of their own, which stays open until the store stops. */
    public void execute(String... statements) {
        try {
            Connection connection = postgres.getPostgresDatabase().getConnection();
            // Held on to, or the driver closes what nobody refers to.
            sessions.add(connection);
            Statement statement = connection.createStatement();
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a session waits to lock a row of that table which another holds. */
    public boolean isWaitedFor(String table) {
        String waiting =
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%% from %s %%for %%update%%'"
                        .formatted(table);
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(waiting)) {
            result.next();
            return result.getInt(1) > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a machine that loses its power would. */
    public void kill() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(files.resolve("postmaster.pid")).get(0));
            List<ProcessHandle> processes = ProcessHandle.of(pid).stream()
                    .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
                    .toList();
            processes.forEach(ProcessHandle::destroyForcibly);
            processes.forEach(process -> process.onExit().join());
            stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void restart() {
        try {
            var builder = EmbeddedPostgres.builder().setDataDirectory(files).setCleanDataDirectory(false);
            if (port != 0) {
                builder.setPort(port);
            }
            postgres = builder.start();
            port = postgres.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
