package io.silkroute.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** The folder for what must survive a restart. One process at a time holds it. */
final class DataFolder {

    /** Held on to, since a lock whose channel is collected as garbage is let go. The kernel frees it with the process. */
    private static final Queue<FileLock> HELD = new ConcurrentLinkedQueue<>();

    private final Path path;

    private DataFolder(Path path) {
        this.path = path;
    }

    /**
     * Makes the folder where it is missing, and takes hold of it.
     *
     * @throws IOException when it cannot be written to, or another process holds it
     */
    static DataFolder open(Path wanted) throws IOException {
        Path path = wanted.toAbsolutePath().normalize();
        Files.createDirectories(path);
        FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new IOException("another process uses it");
        }
        HELD.add(lock);
        return new DataFolder(path);
    }

    Path path() {
        return path;
    }

    /** The text of a file that only its owner can read, made by {@code maker} the first time. */
    String secret(String name, Supplier<String> maker) throws IOException {
        Path file = path.resolve(name);
        if (!Files.exists(file)) {
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            Path fresh = Files.createTempFile(path, name, ".new", ownerOnly);
            Files.writeString(fresh, maker.get());
            Files.move(fresh, file);
        }
        return Files.readString(file).strip();
    }
}
