package io.silkroute.registry;

/** A change that the store refuses. */
public abstract sealed class RegistryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private RegistryException(String message) {
        super(message);
    }

    /** There is no such account or node. */
    public static final class NotFound extends RegistryException {
        private static final long serialVersionUID = 1L;

        NotFound(String what, String id) {
            super(what + " not found: " + id);
        }
    }

    /** The change contradicts what is stored. */
    public static final class Conflict extends RegistryException {
        private static final long serialVersionUID = 1L;

        private final String field;

        Conflict(String field, String message) {
            super(message);
            this.field = field;
        }

        /** The field at fault. */
        public String field() {
            return field;
        }
    }
}
