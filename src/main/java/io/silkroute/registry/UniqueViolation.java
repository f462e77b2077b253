package io.silkroute.registry;

import java.util.Optional;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.ConstraintViolationException.ConstraintKind;

/**
 * Finds out that the store refused a duplicate. The store decides, not a look before: two operators may add the same name in
 * the same instant.
 */
final class UniqueViolation {

    private UniqueViolation() {}

    /** The name of the unique constraint that a failure is about, if it is about one. */
    static Optional<String> constraint(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ConstraintViolationException refusal && refusal.getKind() == ConstraintKind.UNIQUE) {
                return Optional.of(String.valueOf(refusal.getConstraintName()));
            }
        }
        return Optional.empty();
    }

    static boolean is(Throwable failure) {
        return constraint(failure).isPresent();
    }
}
