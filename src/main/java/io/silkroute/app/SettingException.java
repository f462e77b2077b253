package io.silkroute.app;

/** A setting that cannot be used; the message is the one line an operator needs. */
final class SettingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SettingException(String name, String value, String expected) {
        this(name + ": " + value + " (expected: " + expected + ")");
    }

    SettingException(String message) {
        super(message, null, false, false);
    }
}
