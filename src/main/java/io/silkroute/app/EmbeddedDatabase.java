package io.silkroute.app;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL that lives and ends with the process, and whose data stay. */
final class EmbeddedDatabase {

    static final String USER = "postgres";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EmbeddedPostgres postgres;

    private EmbeddedDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Whether there is one to start: an application that was built for production has none. */
    static boolean isBundled() {
        return EmbeddedDatabase.class.getResource("/io/zonky/test/db/postgres/embedded/EmbeddedPostgres.class") != null;
    }

    /** Starts it on a free loopback port. */
    static EmbeddedDatabase start(DataFolder folder) throws IOException {
        Path files = folder.path().resolve("postgres");
        stopLeftOver(files);
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(files)
                .setCleanDataDirectory(false)
                .setPGStartupWait(PATIENCE)
                .start();
        return new EmbeddedDatabase(postgres);
    }

    /** In the form of {@code DATABASE_URL}. */
    String url() {
        return "postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
    }

    /**
     * Stops the server that a killed process left behind. The folder is ours (it is locked), so no living gateway uses it;
     * the name is checked since the number may belong to another process by now.
     */
    private static void stopLeftOver(Path files) throws IOException {
        Path pidFile = files.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        Optional<ProcessHandle> left = ProcessHandle.of(
                        Long.parseLong(lines.get(0).strip()))
                .filter(process -> process.info().command().orElse("").endsWith("postgres"));
        if (left.isPresent()) {
            left.get().destroy();
            awaitExit(left.get());
        }
    }

    private static void awaitExit(ProcessHandle process) throws IOException {
        try {
            process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an earlier PostgreSQL was stopping", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("an earlier PostgreSQL, process " + process.pid() + ", does not stop", e);
        }
    }
}
